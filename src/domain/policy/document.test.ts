import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_POLICY_CHARACTERS, parsePolicy, parseTrustPolicy } from './document.ts';
import { SYSTEM_POLICIES } from './system-policies.ts';

const ALLOW = { Effect: 'Allow', Action: 'ecs:*', Resource: '*' };

const parse = (...Statement: object[]) => parsePolicy(JSON.stringify({ Version: '1', Statement }));

const faultOf = (
  text: string,
  read: typeof parsePolicy | typeof parseTrustPolicy = parsePolicy,
) => {
  const result = read(text);
  return result.ok ? 'none' : result.fault;
};

test('a document is read into statements, one or a list of each', () => {
  const one = parsePolicy(
    `{"Version":"1","Statement":{"Effect":"Deny","NotAction":["ECS:Describe*"],"NotResource":"acs:ecs:*:*:image/m-1",
      "Condition":{"StringEquals":{"ECS:Tag/Env/A":["prod"]},"Bool":{"acs:SecureTransport":false}}}}`,
  );
  assert.deepEqual(one, {
    ok: true,
    value: {
      statements: [
        {
          effect: 'Deny',
          actions: { isNegated: true, patterns: ['ecs:describe*'] },
          resources: { isNegated: true, patterns: ['acs:ecs:*:*:image/m-1'] },
          conditions: [
            { operator: 'StringEquals', key: 'ecs:tag/Env/A', values: ['prod'] },
            { operator: 'Bool', key: 'acs:securetransport', values: ['false'] },
          ],
        },
      ],
    },
  });
  assert.equal(parse(ALLOW, { ...ALLOW, Action: ['ecs:A', '*'] }).ok, true);
});

test('what is not known, empty or said twice is refused with a sentence', () => {
  const condition = (Condition: unknown) => ({ ...ALLOW, Condition });
  const cases: [statement: object, fault: RegExp][] = [
    [{ ...ALLOW, Effect: 'ALLOW' }, /Effect must be/],
    [{ ...ALLOW, Sid: 'x' }, /"Sid" is not an element/],
    [{ ...ALLOW, Principal: {} }, /"Principal" is not an element/],
    [{ Effect: 'Allow', Resource: '*' }, /needs Action or NotAction/],
    [{ ...ALLOW, NotAction: '*' }, /needs Action or NotAction, and not both/],
    [{ Effect: 'Allow', Action: '*' }, /needs Resource or NotResource/],
    [{ ...ALLOW, Action: [] }, /Action is empty/],
    [{ ...ALLOW, Action: '' }, /Action must be/],
    [{ ...ALLOW, Action: [1] }, /Action must be/],
    [{ ...ALLOW, Action: 'ecs' }, /"ecs" is not a valid Action/],
    [{ ...ALLOW, Action: 'ecs:[a-z]' }, /is not a valid Action/],
    [{ ...ALLOW, Resource: 'image/m-1' }, /is not a valid Resource/],
    [{ ...ALLOW, Resource: 'acs:ecs:*:image' }, /is not a valid Resource/],
    [{ ...ALLOW, Resource: [] }, /Resource is empty/],
    [condition([]), /Condition must be a JSON object/],
    [condition({ StringMatches: { 'acs:SourceIp': 'a' } }), /not a known operator/],
    [condition({ StringEqualsIfExists: { 'acs:SourceIp': 'a' } }), /not a known operator/],
    [condition({ toString: { 'acs:SourceIp': 'a' } }), /not a known operator/],
    [condition({ StringEquals: 'a' }), /StringEquals must be a JSON object/],
    [condition({ StringEquals: { SourceIp: 'a' } }), /not a condition key/],
    [condition({ StringEquals: { 'acs:SourceIp': [] } }), /has no value/],
    [condition({ StringEquals: { 'acs:SourceIp': [null] } }), /must be texts/],
    [condition({ Bool: { 'acs:SecureTransport': 'yes' } }), /"yes" is not a value/],
    [condition({ NumericLessThan: { 'a:b': '0x10' } }), /not a value that NumericLessThan/],
    [condition({ DateLessThan: { 'acs:CurrentTime': '2026-11-24' } }), /not a value/],
    [condition({ DateLessThan: { 'acs:CurrentTime': '2026-11-24T25:00:00Z' } }), /not a value/],
    [condition({ IpAddress: { 'acs:SourceIp': '10.0.0.0/33' } }), /not a value that IpAddress/],
  ];
  for (const [statement, fault] of cases) {
    const document = JSON.stringify({ Version: '1', Statement: [ALLOW, statement] });
    assert.match(faultOf(document), fault, document);
  }
});

test('the frame of a document is checked', () => {
  const text = (document: unknown) => JSON.stringify(document);
  const twice = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*",
    "Condition":{"StringEquals":{"a:b":"c"},"String\\u0045quals":{"a:d":"e"}}}]}`;
  const cases: [document: string, fault: RegExp][] = [
    ['', /not valid JSON/],
    ['{', /not valid JSON/],
    ['[]', /must be a JSON object/],
    ['['.repeat(6_000), /not valid JSON/],
    [`${'['.repeat(3_000)}${']'.repeat(3_000)}`, /nested too deep/],
    [text({ Version: '1' }), /A statement must be/],
    [text({ Version: '1', Statement: [] }), /Statement is empty/],
    [text({ Version: 1, Statement: [ALLOW] }), /Version must be "1"/],
    [text({ Version: '2012-10-17', Statement: [ALLOW] }), /Version must be "1"/],
    [text({ Statement: [ALLOW] }), /Version must be "1"/],
    [text({ Version: '1', Statement: [ALLOW], Id: 'x' }), /"Id" is not an element/],
    [`{"Version":"1","__proto__":{},"Statement":${text(ALLOW)}}`, /"__proto__" is not an element/],
    [text({ Version: '1', Statement: Array(101).fill(ALLOW) }), /more than 100 statements/],
    [' '.repeat(MAX_POLICY_CHARACTERS + 1), /longer than 6144 characters/],
    [twice, /the same element twice/],
  ];
  for (const [document, fault] of cases) assert.match(faultOf(document), fault, document);
});

test('text that looks like an element is none', () => {
  assert.equal(parse({ ...ALLOW, Condition: { StringLike: { 'a:b': '"x": "y\\" :' } } }).ok, true);
});

test('a trust policy names who may assume the role', () => {
  const statement = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { RAM: 'acs:ram::1000000000000000:root', Service: ['ecs.aliyuncs.com'] },
  };
  const text = (change: object) =>
    JSON.stringify({ Version: '1', Statement: [{ ...statement, ...change }] });
  const read = parseTrustPolicy(text({}));
  assert.deepEqual(read.ok && read.value[0]!.principal, {
    RAM: ['acs:ram::1000000000000000:root'],
    Service: ['ecs.aliyuncs.com'],
    Federated: [],
  });
  const cases: [change: object, fault: RegExp][] = [
    [{ Resource: '*' }, /"Resource" is not an element of a statement of a trust policy/],
    [{ Principal: {} }, /Principal is empty/],
    [{ Principal: { AWS: '*' } }, /"AWS" is not an element of Principal/],
    [{ Principal: undefined }, /Principal must be a JSON object/],
  ];
  for (const [change, fault] of cases)
    assert.match(faultOf(text(change), parseTrustPolicy), fault, JSON.stringify(change));
});

test('the system policies are valid documents', () => {
  assert.equal(SYSTEM_POLICIES.size, 6);
  for (const [name, { policyDocument }] of SYSTEM_POLICIES)
    assert.equal(faultOf(policyDocument), 'none', name);
});
