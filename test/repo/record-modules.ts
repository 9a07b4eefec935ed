// Preloaded into a server (NODE_OPTIONS=--import): writes the address of every module that is loaded
// to the file that KINDRED_TEST_MODULES names.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const file = process.env.KINDRED_TEST_MODULES;
if (file)
  registerHooks({
    load(url, context, nextLoad) {
      appendFileSync(file, `${url}\n`);
      return nextLoad(url, context);
    },
  });
