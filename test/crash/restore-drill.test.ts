import { after, test } from 'node:test';
import { buildProgram } from './program.ts';
import { restoreDrill } from './restore-drill.ts';

const program = buildProgram();
after(() => program.remove());

test('a backup under load is restored elsewhere, and every head hashes equal', async (t) => {
  t.diagnostic(await restoreDrill(program));
});
