// The bundle, whatever bin/kindred.js would choose in a checkout: the bench measures what is shipped.
// What V8 compiled is kept beside the system's temporary files: later starts read it back.
process.getBuiltinModule('node:module').enableCompileCache();
const { main } = await import('../../dist/main.js');
await main(process.argv.slice(2));
