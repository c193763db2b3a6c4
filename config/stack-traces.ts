/**
 * Leaves positions in stack traces as Node knows them. Pulumi's runner maps every one of them through source maps, of which this program has none, since Node
 * strips types in place; and Pulumi's SDK asks for one with every resource.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");
