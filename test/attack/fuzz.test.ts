// Three thousand signed requests of every operation with wrong types, hostile names and huge values,
// through the whole pipeline. None may be answered with a bug, every refusal is whole, no prototype
// changes, and what is left in the rows afterwards agrees with itself. KINDRED_TEST_SEED repeats a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asNode, type SchemaNode } from '../../src/lib/schema.ts';
import { operations } from '../../src/operations/index.ts';
import type { Operation } from '../../src/operation.ts';
import { kindred, REGION, type Harness } from '../../src/testing/harness.ts';
import { parseXml } from '../conformance/xml.ts';
import { below, pick, seeded } from '../wire/seeded.ts';
import { fuzzInput, type KnownIds } from './fuzz-input.ts';
import { v1, v3, type Texts } from './sign.ts';
import { newEip, newVpc, newVSwitch } from '../../src/testing/networks.ts';
import { newGroup } from '../../src/testing/security-groups.ts';

const REQUESTS = 3_000;
const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 2 ** 31);
const MEMBERS = ['Code', 'Message', 'RequestId', 'HostId'];

/** Code of the answer; throws when it is not the answer of a sound server. */
const checkAnswer = (status: number, text: string, isXml: boolean): string => {
  assert.notEqual(status, 500, text);
  const root = isXml ? parseXml(text) : undefined;
  const members: Record<string, unknown> = root
    ? Object.fromEntries(root.children.map((child) => [child.name, child.text]))
    : (JSON.parse(text) as Record<string, unknown>);
  assert.match(String(members.RequestId), /^[0-9A-F-]{36}$/);
  if (status === 200) {
    // Some clients take any other Code for an error, whatever the status says.
    if (members.Code !== undefined) {
      assert.equal(members.Code, '200');
      assert.equal(String(members.Success), 'true');
    }
    return 'OK';
  }
  for (const name of MEMBERS) {
    assert.equal(typeof members[name], 'string', `${name} in ${text.slice(0, 500)}`);
    assert.notEqual(members[name], '', name);
  }
  return String(members.Code);
};

const seedRows = async (k: Harness): Promise<KnownIds> => {
  const { imageId, taskId, snapshotId } = await k.importImage();
  await k.call('ModifyImageAttribute', {
    RegionId: REGION,
    ImageId: imageId,
    ImageFamily: 'name-1',
  });
  // A hostile request may have used the quota of networks up.
  const VpcId = await newVpc(k).catch(() => '');
  const networks = {
    'vpc-': VpcId,
    'vsw-': await newVSwitch(k, { VpcId }).catch(() => ''),
    'sg-': await newGroup(k).catch(() => ''),
    'eip-': await newEip(k).catch(() => ''),
  };
  return { 'm-': imageId, 's-': snapshotId, 't-': taskId, ...networks };
};

const knownPrototype = Object.getOwnPropertyNames(Object.prototype).join();

test(`${REQUESTS} hostile requests, seed ${seed}`, async (t) => {
  console.log(`fuzz: KINDRED_TEST_SEED=${seed}`);
  const random = seeded(seed);
  const k = await kindred(t);
  let known = await seedRows(k);
  const loaded = new Map<Operation, SchemaNode>();
  for (const { load } of operations) {
    const operation = await load();
    loaded.set(operation, asNode(operation.input));
  }
  const all = [...loaded.keys()];
  const codes = new Map<string, number>();
  for (let i = 0; i < REQUESTS; i++) {
    const operation = all[i % all.length]!;
    const parameters: Texts = fuzzInput(loaded.get(operation)!, known, random);
    const isXml = random() < 0.2;
    const by = { key: k.rootKey, nowMs: k.clock.wallMs(), parameters };
    const call = { action: operation.action, version: operation.version };
    const format = { Format: isXml ? 'XML' : 'JSON' };
    const request = pick(random, [
      () => v1({ ...by, ...call, system: format }),
      () => v1({ ...by, ...call, system: format, method: 'POST', place: 'body' }),
      () => v3({ ...by, ...call, parameters: { ...parameters, ...format } }),
    ])();
    k.clock.advance(below(random, 1_500));
    const { status, body } = await k.kindred.handle(request);
    const text = Buffer.from(body).toString('utf8');
    try {
      const code = checkAnswer(status, text, isXml);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    } catch (error) {
      const shown = JSON.stringify(parameters).slice(0, 2_000);
      throw new Error(`request ${i}, ${operation.action} ${shown}`, { cause: error });
    }
    if (i % 300 === 299) {
      await k.finishJobs();
      known = await seedRows(k);
    }
  }
  assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), knownPrototype);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  // The requests were not all turned away at the door.
  assert.ok((codes.get('OK') ?? 0) > REQUESTS / 20, JSON.stringify([...codes]));
  assert.ok(codes.size > 30, JSON.stringify([...codes]));
  assert.equal(codes.get('SignatureDoesNotMatch'), undefined);
  await k.finishJobs();
  const fsck = await k.call('Fsck');
  assert.equal(fsck.DifferenceCount, 0, JSON.stringify(fsck.Differences));
});
