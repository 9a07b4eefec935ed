import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy, type Policy } from './document.ts';
import { evaluate, type AccessRequest } from './evaluate.ts';
import { matches } from './match.ts';
import { SYSTEM_POLICIES } from './system-policies.ts';

const policy = (...Statement: object[]): Policy => {
  const read = parsePolicy(JSON.stringify({ Version: '1', Statement }));
  assert.ok(read.ok, read.ok ? '' : read.fault);
  return read.value;
};

const request = (
  action: string,
  resources: string | string[] = 'acs:ecs:cn-hangzhou:1:image/m-1',
  values: Record<string, string | null> = {},
): AccessRequest => ({ action, resources: [resources].flat(), valueOf: (key) => values[key] });

const effect = (policies: Policy[], asked: AccessRequest, session?: Policy) =>
  evaluate(policies, asked, session).effect;

const allow = (more: object = {}) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...more });
const deny = (more: object = {}) => ({ ...allow(more), Effect: 'Deny' });

test('nothing is allowed by default, and a Deny wins wherever it stands', () => {
  const asked = request('ecs:DescribeImages');
  assert.equal(effect([], asked), 'ImplicitDeny');
  assert.equal(effect([policy(allow())], asked), 'Allow');
  assert.equal(effect([policy(deny()), policy(allow())], asked), 'ExplicitDeny');
  assert.equal(effect([policy(allow(), deny())], asked), 'ExplicitDeny');
});

test('actions are compared without regard to case, resources with it', () => {
  const one = policy(allow({ Action: 'ECS:describe*', Resource: 'acs:ecs:*:*:image/m-1' }));
  assert.equal(effect([one], request('ecs:DescribeImages')), 'Allow');
  assert.equal(effect([one], request('ecs:DeleteImage')), 'ImplicitDeny');
  assert.equal(
    effect([one], request('ecs:DescribeImages', 'acs:ecs:cn-hangzhou:1:image/M-1')),
    'ImplicitDeny',
  );
});

test('wildcards are no regular expressions and cross every border', () => {
  const cases: [pattern: string, text: string, fits: boolean][] = [
    ['*', '', true],
    ['a*', 'a:b/c', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['ecs.*', 'ecs:x', false],
    ['[a-z]', 'a', false],
    ['(a|b)', 'a', false],
    ['*a*b', 'xaxbxb', true],
    ['*a*b', 'xaxbxa', false],
    ['?', '😀', true],
    ['*?', '😀', true],
    ['??', '😀', false],
    ['**', 'x', true],
    ['', 'x', false],
  ];
  for (const [pattern, text, fits] of cases) assert.equal(matches(pattern, text), fits, pattern);
  const startMs = performance.now();
  assert.equal(matches(`${'*a'.repeat(2_000)}b`, 'a'.repeat(2_000)), false);
  assert.ok(performance.now() - startMs < 500);
});

test('a thing with two names fits a pattern of either, and no negation of either', () => {
  const asked = request('ecs:DeleteImage', [
    'acs:ecs:r:1:image/m-1',
    'acs:ecs:r:1:imagefamily/web',
  ]);
  const onFamily = 'acs:ecs:*:*:imagefamily/web';
  assert.equal(effect([policy(allow({ Resource: onFamily }))], asked), 'Allow');
  assert.equal(effect([policy(allow(), deny({ Resource: onFamily }))], asked), 'ExplicitDeny');
  const butFamily = { Resource: undefined, NotResource: onFamily };
  assert.equal(effect([policy(allow(butFamily))], asked), 'ImplicitDeny');
  assert.equal(effect([policy(allow(), deny(butFamily))], asked), 'Allow');
});

test('what is unknown allows nothing and is no way around a Deny', () => {
  const Condition = { StringEquals: { 'ecs:tag/env': 'dev' } };
  const withTag = (value?: string | null) =>
    request('ecs:DeleteImage', '*', value === undefined ? {} : { 'ecs:tag/env': value });
  const outcome = (statement: object, value?: string | null) =>
    effect([policy(allow({ Action: 'ecs:Describe*' }), statement)], withTag(value));
  assert.equal(outcome(allow({ Condition }), 'dev'), 'Allow');
  assert.equal(outcome(allow({ Condition }), null), 'ImplicitDeny');
  assert.equal(outcome(allow({ Condition })), 'ImplicitDeny');
  assert.equal(outcome(deny({ Condition }), 'prod'), 'ImplicitDeny');
  assert.equal(outcome(deny({ Condition }), null), 'ImplicitDeny');
  assert.equal(outcome(deny({ Condition })), 'ExplicitDeny');
  // Beside a condition that does not hold, it does not matter.
  const both = { Condition: { ...Condition, Bool: { 'acs:SecureTransport': true } } };
  const plain = request('ecs:DeleteImage', '*', { 'acs:securetransport': 'false' });
  assert.equal(effect([policy(deny(both))], plain), 'ImplicitDeny');
});

test('every operator compares as its name says', () => {
  const cases: [operator: string, actual: string, fitting: string, other: string][] = [
    ['StringEquals', 'Web', 'Web', 'web'],
    ['StringEqualsIgnoreCase', 'Web', 'wEB', 'web2'],
    ['StringLike', 'web-1', 'w?b*', 'W*'],
    ['NumericEquals', '10', '10.0', '11'],
    ['NumericLessThan', '10', '10.5', '10'],
    ['NumericLessThanEquals', '10', '10', '9'],
    ['NumericGreaterThan', '10', '-1', '10'],
    ['NumericGreaterThanEquals', '10', '10', '11'],
    ['DateEquals', '2026-11-24T12:00:00Z', '2026-11-24T20:00:00+08:00', '2026-11-24T12:00:01Z'],
    ['DateLessThan', '2026-11-24T12:00:00Z', '2026-11-24T12:00:01Z', '2026-11-24T12:00:00Z'],
    ['DateLessThanEquals', '2026-11-24T12:00:00Z', '2026-11-24T12:00:00Z', '2026-11-24T11:00Z'],
    ['DateGreaterThan', '2026-11-24T12:00:00Z', '2026-11-24T11:59Z', '2026-11-24T12:00:00Z'],
    ['DateGreaterThanEquals', '2026-11-24T12:00:00Z', '2026-11-24T12:00Z', '2027-01-01T00:00Z'],
    ['Bool', 'true', 'true', 'false'],
    ['IpAddress', '10.1.2.3', '10.0.0.0/8', '11.0.0.0/8'],
    ['IpAddress', '2001:db8::7', '2001:db8::/32', '10.0.0.0/8'],
  ];
  const holds = (operator: string, actual: string, wanted: string | string[]) =>
    effect(
      [policy(allow({ Condition: { [operator]: { 'a:key': wanted } } }))],
      request('a:b', '*', { 'a:key': actual }),
    ) === 'Allow';
  for (const [operator, actual, fitting, other] of cases) {
    const label = `${operator} ${actual}`;
    assert.equal(holds(operator, actual, fitting), true, label);
    assert.equal(holds(operator, actual, other), false, label);
    assert.equal(holds(operator, actual, [other, fitting]), true, label);
    const negation = { Bool: '', IpAddress: 'NotIpAddress' }[operator] ?? negated(operator);
    if (negation === '') continue;
    assert.equal(holds(negation, actual, fitting), false, negation);
    assert.equal(holds(negation, actual, other), true, negation);
    assert.equal(holds(negation, actual, [other, fitting]), false, negation);
  }
});

const negated = (operator: string): string =>
  /Equals|Like/.test(operator) && !/Than/.test(operator)
    ? operator.replace(/^(String|Numeric|Date)/, '$1Not')
    : '';

test('a session does no more than its role, and no more than its own policy', () => {
  const [all, ecs, vpc] = [allow(), allow({ Action: 'ecs:*' }), allow({ Action: 'vpc:*' })].map(
    (one) => policy(one),
  );
  const asked = request('ecs:DescribeImages');
  const decision = (role: Policy, session: Policy) => evaluate([role], asked, session);
  assert.deepEqual(decision(all!, ecs!), { effect: 'Allow', from: 'identity' });
  assert.deepEqual(decision(all!, vpc!), { effect: 'ImplicitDeny', from: 'session' });
  assert.deepEqual(decision(vpc!, all!), { effect: 'ImplicitDeny', from: 'identity' });
  assert.deepEqual(decision(all!, policy(allow(), deny())), {
    effect: 'ExplicitDeny',
    from: 'session',
  });
  assert.equal(decision(policy(deny()), all!).effect, 'ExplicitDeny');
});

test('the system policies draw the lines that they name', () => {
  const may = (name: string, action: string, values: Record<string, string | null> = {}) => {
    const read = parsePolicy(SYSTEM_POLICIES.get(name)!.policyDocument);
    assert.ok(read.ok);
    return effect([read.value], request(action, '*', values)) === 'Allow';
  };
  const [reader, publisher, approver] = ['Reader', 'Publisher', 'Approver'].map(
    (name) => `KindredImage${name}Access`,
  );
  for (const name of [reader!, publisher!, approver!]) {
    assert.equal(may(name, 'ecs:DescribeImageFromFamily'), true, name);
    assert.equal(may(name, 'kindred:DescribeImageContent'), true, name);
    assert.equal(may(name, 'kindred:CreateAccessKey'), false, name);
    assert.equal(may(name, 'ram:AttachPolicyToUser'), false, name);
  }
  const noFamily = { 'ecs:ImageFamily': null, 'ecs:imagefamily': null };
  assert.equal(may(publisher!, 'ecs:ImportImage', noFamily), true);
  assert.equal(may(publisher!, 'ecs:CreateImage', { 'ecs:imagefamily': 'web' }), false);
  assert.equal(may(publisher!, 'ecs:ModifyImageAttribute', noFamily), false);
  assert.equal(may(approver!, 'ecs:ModifyImageAttribute'), true);
  assert.equal(may(approver!, 'ecs:ImportImage', noFamily), false);
  assert.equal(may(reader!, 'ecs:DeleteImage'), false);
  assert.equal(may('AliyunECSReadOnlyAccess', 'ecs:DescribeImages'), true);
  assert.equal(may('AliyunECSReadOnlyAccess', 'ecs:DeleteImage'), false);
  assert.equal(may('AliyunECSFullAccess', 'ecs:DeleteImage'), true);
  assert.equal(may('AliyunECSFullAccess', 'ram:CreateUser'), false);
  assert.equal(may('AdministratorAccess', 'kindred:Fsck'), true);
});
