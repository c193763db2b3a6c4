/** The option of a network's driver that names the network's interface on the server. */
export const bridgeOption = "com.docker.network.bridge.name";
