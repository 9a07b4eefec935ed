#!/usr/bin/env node
// Plain JavaScript that any Node can read: it only looks whether this Node is new enough, and starts
// the program from the sources of a checkout or from the bundle of an installed package.
import { existsSync } from 'node:fs';

const least = [24, 15];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < least[0] || (major === least[0] && minor < least[1])) {
  process.stderr.write(
    `kindred needs Node.js ${least.join('.')} or newer and this is ${process.versions.node}: install a newer one, or in a checkout run it as \`npm run kindred -- …\`\n`,
  );
  process.exit(2);
}
// What V8 compiled is kept beside the system's temporary files: later starts read it back.
process.getBuiltinModule('node:module').enableCompileCache();
const sources = new URL('../src/cli/main.ts', import.meta.url);
const isCheckout = existsSync(sources) && !sources.pathname.includes('/node_modules/');
const program = isCheckout ? sources : new URL('../dist/main.js', import.meta.url);
const { main } = await import(program.href);
await main(process.argv.slice(2));
