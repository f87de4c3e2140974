// Judges workbooks by the Open XML SDK: paths as JSON on stdin, what is wrong with each as JSON on stdout.
import { readFileSync } from "node:fs";
import { stdin, stdout } from "node:process";
import validate from "@ooxml-tools/validate";

let asked = "";
for await (const chunk of stdin) asked += chunk;
const found = {};
for (const path of JSON.parse(asked)) {
  const errors = await validate(new Uint8Array(readFileSync(path)), "xlsx", "Microsoft365");
  found[path] = errors.map((error) => `${error.path.partUri} ${error.path.xpath}: ${error.description}`);
}
// The runtime of the SDK would keep the process alive.
stdout.write(JSON.stringify(found), () => process.exit(0));
