// DryRun, seen from the registry: whoever asks for no effect gets none, of any write. That an operation
// which has a dry run changes nothing is tried by its own test (`<Action>: DryRunOperation`), which
// every operation must have that declares the error.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asNode } from '../../src/lib/schema.ts';
import { operations } from '../../src/operations/index.ts';
import { CallError, kindred, type Parameters } from '../../src/testing/harness.ts';

test('DryRun=true changes nothing, whatever write it is sent to', async (t) => {
  const k = await kindred(t);
  const before = k.stateHash();
  let refused = 0;
  for (const { name, load } of operations) {
    const operation = await load();
    if (operation.kind === 'read') continue;
    const takesIt = asNode(operation.input).properties?.DryRun !== undefined;
    assert.equal(operation.dryRun === true, takesIt, `${name}: the parameter and the flag`);
    if (takesIt)
      assert.ok('DryRunOperation' in operation.errors, `${name} declares DryRunOperation`);
    if (operation.access.anonymous !== undefined) continue;
    const request = operation.example.request as Parameters;
    const error = await k.call(name, { ...request, DryRun: 'true' }).then(
      () => assert.fail(`${name} did it`),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof CallError && error.status < 500, `${name}: ${String(error)}`);
    if (/has no dry run/.test(error.message)) refused += 1;
  }
  assert.ok(refused > 80, `${refused} refusals`);
  for (const DryRun of ['True', '1', 'yes', 'false '])
    await k.refused('CreateKeyPair', { RegionId: 'cn-hangzhou', KeyPairName: 'real', DryRun });
  assert.equal(k.stateHash(), before);
  // What says that it is none is none.
  await k.call('CreateKeyPair', { RegionId: 'cn-hangzhou', KeyPairName: 'real', DryRun: 'False' });
  assert.notEqual(k.stateHash(), before);
});
