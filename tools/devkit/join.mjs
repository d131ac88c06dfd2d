// `node join.mjs FILE`: prints a script and all it imports as one squeezed module. The browsers are those of jsconfig.json's target, so
// nothing is rewritten for older ones; vendored licences lie beside the vendored files.
import { build } from "esbuild";

const made = await build({
  entryPoints: [process.argv[2]],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  write: false,
});
process.stdout.write(made.outputFiles[0].text);
