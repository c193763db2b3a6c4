/** The command line that opens a file with the `sops` program, which knows the form of a file only by an ending such as `.env`. */
export function sopsWords(path: string, verb = ""): string {
  const types = /\.(env|ya?ml|json)$/.test(path) ? "" : " --input-type dotenv";
  const output = types === "" || verb === "updatekeys" ? "" : " --output-type dotenv";
  return `sops${verb === "" ? "" : ` ${verb}`}${types}${output} ${path}`;
}
