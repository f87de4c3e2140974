// Write, or with --check compare, the library that draws the charts of the page (xltrack/documents/page/charts.min.js):
// the parts of Observable Plot that it uses, in one file, under the licences of everything that is in it.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "xltrack", "documents", "page", "charts.min.js");
const used = "barY, plot, ruleY, text";
const entry = `import { ${used} } from "@observablehq/plot"; globalThis.Plot = { ${used} };`;

function licences(inputs) {
  const folders = new Set(Object.keys(inputs).map((path) => path.match(/^(node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
  const texts = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const text = readFileSync(join(root, folder, "LICENSE"), "utf8").replace(/\r\n/g, "\n").trim();
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
  }
  return [...texts].map(([text, names]) => `${names.join(", ")}\n\n${text}`).join("\n\n");
}

const made = await build({
  stdin: { contents: entry, resolveDir: root }, absWorkingDir: root, bundle: true, minify: true, format: "iife",
  charset: "utf8", legalComments: "none", metafile: true, write: false, target: "es2020",
});
const code = made.outputFiles[0].text;
const text = `/*! Made by \`make charts\`: do not edit.\n\n${licences(made.metafile.inputs)}\n*/\n${code}`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8").replace(/\r\n/g, "\n") !== text) {
    console.error("charts.min.js is not what `make charts` would write");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
