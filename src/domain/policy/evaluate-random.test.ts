// The evaluator against a second one that is written in another way (src/testing/naive-policy.ts).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  naiveEvaluate,
  type NaiveRequest,
  type WrittenPolicy,
} from '../../testing/naive-policy.ts';
import { parsePolicy } from './document.ts';
import { evaluate } from './evaluate.ts';

const word = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const letters = word('ab:/*?.', 0, 6);
const actionPattern = fc
  .tuple(fc.constantFrom('ecs', 'e*', '*', 'ECS', 'vp?'), word('abAB*?', 1, 4))
  .map(([service, name]) => `${service}:${name}`);
const actions = fc.oneof({ arbitrary: actionPattern, weight: 5 }, fc.constant('*'));
const resource = fc.oneof(
  fc.constant('*'),
  letters.map((tail) => `acs:ecs:*:1:x${tail}`),
);
const texts = <T>(one: fc.Arbitrary<T>) =>
  fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));

const KEYS = [
  'acs:SourceIp',
  'acs:CurrentTime',
  'acs:SecureTransport',
  'ecs:tag/a',
  'ECS:tag/A',
  'x:n',
];
const text = word('aA*?', 0, 3);
const number = fc.constantFrom('-1', '0', '1', '1.0', '1.5', '20');
const date = fc.constantFrom(
  '2026-11-24T12:00:00Z',
  '2026-11-24T20:00:00+08:00',
  '2027-01-01T00:00:00Z',
);
const address = fc.constantFrom(
  '10.0.0.1',
  '10.0.0.0/8',
  '::ffff:10.0.0.1',
  '2001:db8::/32',
  '0.0.0.0/0',
);
const OPERATOR_VALUES: Record<string, fc.Arbitrary<string>> = {
  StringEquals: text,
  StringNotEquals: text,
  StringEqualsIgnoreCase: text,
  StringNotEqualsIgnoreCase: text,
  StringLike: text,
  StringNotLike: text,
  NumericEquals: number,
  NumericNotEquals: number,
  NumericLessThan: number,
  NumericLessThanEquals: number,
  NumericGreaterThan: number,
  NumericGreaterThanEquals: number,
  DateEquals: date,
  DateNotEquals: date,
  DateLessThan: date,
  DateLessThanEquals: date,
  DateGreaterThan: date,
  DateGreaterThanEquals: date,
  Bool: fc.constantFrom('true', 'false'),
  IpAddress: address,
  NotIpAddress: address,
};
const condition = fc.constantFrom(...Object.keys(OPERATOR_VALUES)).chain((operator) =>
  fc
    .dictionary(fc.constantFrom(...KEYS), texts(OPERATOR_VALUES[operator]!), {
      minKeys: 1,
      maxKeys: 2,
    })
    .map((keys) => ({ [operator]: keys })),
);
const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    action: texts(actions),
    resource: texts(resource),
    notAction: fc.boolean(),
    notResource: fc.boolean(),
    Condition: fc.option(
      fc.array(condition, { maxLength: 2 }).map((list): object => Object.assign({}, ...list)),
      { nil: undefined, freq: 2 },
    ),
  })
  .map(({ Effect, action, resource: on, notAction, notResource, Condition }) => ({
    Effect,
    [notAction ? 'NotAction' : 'Action']: action,
    [notResource ? 'NotResource' : 'Resource']: on,
    ...(Condition && { Condition }),
  }));
const written = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((Statement) => ({ Version: '1', Statement }) as WrittenPolicy);

const actual: Record<string, fc.Arbitrary<string>> = {
  'acs:sourceip': fc.constantFrom('10.0.0.1', '11.0.0.1', '::ffff:10.0.0.1', '2001:db8::1'),
  'acs:currenttime': date,
  'acs:securetransport': fc.constantFrom('true', 'false'),
  'ecs:tag/a': text,
  'ecs:tag/A': text,
  'x:n': fc.oneof(number, text),
};
const values = fc.record(
  Object.fromEntries(
    Object.entries(actual).map(([key, value]) => [key, fc.option(value, { nil: null, freq: 4 })]),
  ),
  { requiredKeys: [] },
);
const asked: fc.Arbitrary<NaiveRequest> = fc.record({
  action: fc
    .tuple(fc.constantFrom('ecs', 'vpc', 'Ecs'), word('abAB', 1, 4))
    .map(([service, name]) => `${service}:${name}`),
  resources: fc.array(
    letters.map((tail) => `acs:ecs:r:1:x${tail}`),
    { minLength: 1, maxLength: 2 },
  ),
  values,
});

test('10,000 random policies and requests are judged as by a second, naive evaluator', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(
      fc.array(written, { maxLength: 3 }),
      fc.option(written, { nil: undefined, freq: 3 }),
      asked,
      (policies, session, { action, resources, values: known }) => {
        const read = (one: WrittenPolicy) => {
          const result = parsePolicy(JSON.stringify(one));
          assert.ok(result.ok, result.ok ? '' : result.fault);
          return result.value;
        };
        const { effect: result } = evaluate(
          policies.map(read),
          { action, resources, valueOf: (key) => known[key] },
          session && read(session),
        );
        seen.set(result, (seen.get(result) ?? 0) + 1);
        assert.equal(
          result,
          naiveEvaluate(policies, session, { action, resources, values: known }),
        );
      },
    ),
    { numRuns: 10_000 },
  );
  // The generator must reach every outcome often, or agreement says little.
  for (const outcome of ['Allow', 'ExplicitDeny', 'ImplicitDeny'])
    assert.ok((seen.get(outcome) ?? 0) > 500, `${outcome}: ${seen.get(outcome)}`);
});
