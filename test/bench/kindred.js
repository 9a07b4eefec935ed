// The bundle, whatever bin/kindred.js would choose in a checkout: the bench measures what is shipped.
const { main } = await import('../../dist/main.js');
await main(process.argv.slice(2));
