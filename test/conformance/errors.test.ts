// Errors from outside: what each official client makes of them, and the answers byte for byte.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { signedRequest } from '../../src/testing/sign.ts';
import { API_VERSION, CLIENTS, getSigned, type Answer, type Target } from './clients.ts';
import { recorded } from './record.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';
import { parseXml } from './xml.ts';

const UUID = '[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}';
const FAMILY = { RegionId: REGION, ImageFamily: 'no-such-family' };
const run = randomBytes(3).toString('hex');
const { target: server, putObject } = await conformance({ after });

interface Seen {
  code: string;
  /** Absent where the client does not tell. */
  status?: number;
  requestId: string;
  message: string;
  data: Answer;
}

/** What a caller of this client finds in the error that it threw. */
const seenBy = (client: string, error: Answer): Seen => {
  const { data } = error;
  const requestId: string = data.RequestId;
  if (client.startsWith('pop-core')) {
    assert.equal(error.name, `${error.code}Error`);
    const message = error.message.replace(/, URL: http.*$/s, '');
    return { code: error.code, status: error.entry.response.statusCode, requestId, message, data };
  }
  const told = /^(\S+): code: (\d+), (.*) request ?id: (\S+)$/s.exec(error.message);
  assert.ok(told, error.message);
  const [, , status, message = '', toldId = ''] = told;
  assert.equal(toldId, requestId);
  // The 1.x client adds a word to every code.
  const code = client === 'ecs 1.1.0' ? error.code.replace(/Error$/, '') : error.code;
  if (client.startsWith('ecs 7')) {
    assert.equal(error.name, 'ClientError');
    assert.equal(error.requestId, requestId);
  }
  if (!client.startsWith('ecs 1')) assert.equal(error.statusCode, Number(status));
  return { code, status: Number(status), requestId, message, data };
};

const failure = async (client: string, call: Promise<Answer>): Promise<Seen> => {
  const error = await call.then(
    (answer) => assert.fail(`${client}: no error but ${JSON.stringify(answer)}`),
    (thrown: unknown) => thrown,
  );
  return seenBy(client, error);
};

const check = (target: Target, seen: Seen, code: string, status: number, message: string): void => {
  assert.deepEqual([seen.code, seen.status, seen.message], [code, status, message]);
  assert.match(seen.requestId, new RegExp(`^${UUID}$`));
  const { statusCode: _added, ...body } = seen.data;
  assert.deepEqual(
    { ...body },
    {
      RequestId: seen.requestId,
      HostId: `${target.host}:${target.port}`,
      Code: code,
      Message: message,
      Recommend: `https://api.aliyun.com/troubleshoot?q=${code}&product=Ecs&requestId=${seen.requestId}`,
    },
  );
};

test('every client reads the errors', { concurrency: CLIENTS.length }, async (t) => {
  const guestData = { seed: 1, sizeBytes: 4096 };
  putObject(`errors-${run}`, 'disk.qcow2', makeQcow2({ virtualSizeBytes: 2 ** 30, guestData }));
  const describe = 'DescribeImageFromFamily';
  const official = CLIENTS.flatMap((client) =>
    client.id === undefined ? [] : [{ ...client, id: client.id }],
  );
  const checks = official.map(({ name, id, connect }) =>
    t.test(name, async (t) => {
      const target = await recorded(t, server, id);
      const call = connect(target);
      const malformed = await failure(name, call(describe, { ...FAMILY, ImageFamily: '1x' }));
      const rules = 'The image family name breaks the naming rules.';
      check(target, malformed, 'InvalidImageFamily.Malformed', 400, rules);
      const nowhere = await failure(name, call(describe, { ...FAMILY, RegionId: 'cn-nowhere' }));
      const unknown = 'The specified RegionId does not exist.';
      check(target, nowhere, 'InvalidRegionId.NotFound', 404, unknown);
      const stranger = connect({ ...target, accessKeyId: 'LTAInobody' });
      const noKey = await failure(name, stranger(describe, FAMILY));
      const notFound = 'Specified access key is not found.';
      check(target, noKey, 'InvalidAccessKeyId.NotFound', 404, notFound);
      await checkMismatch(target, name, connect({ ...target, accessKeySecret: 'wrong' }));
      if (name === 'ecs 1.1.0' || name === 'ecs 3.0.13') return; // Their models know no DryRun.
      const DiskDeviceMapping = [{ OSSBucket: `errors-${run}`, OSSObject: 'disk.qcow2' }];
      const dryRun = { RegionId: REGION, DryRun: true, DiskDeviceMapping };
      const dry = await failure(name, call('ImportImage', dryRun));
      const passed = 'Request validation has been passed with DryRun flag set.';
      check(target, dry, 'DryRunOperation', 400, passed);
    }),
  );
  await Promise.all(checks);
});

/** The message holds what the server signed, so that a caller can compare. */
const checkMismatch = async (
  target: Target,
  name: string,
  call: (action: string, input: typeof FAMILY) => Promise<Answer>,
): Promise<void> => {
  const seen = await failure(name, call('DescribeImageFromFamily', FAMILY));
  assert.deepEqual([seen.code, seen.status], ['SignatureDoesNotMatch', 400]);
  const isV3 = /V3|3\.0\.13/.test(name);
  const expected = isV3
    ? /^Specified signature does not match our calculation\. server StringToSign is \[ACS3-HMAC-(SHA256|SM3)\n[0-9a-f]{64}\] server CanonicalRequest is \[POST\n\/\nImageFamily=no-such-family&RegionId=cn-hangzhou\n.*\n[0-9a-f]{64}\]$/s
    : /^Specified signature is not matched with our calculation\. server string to sign is:(GET|POST)&%2F&AccessKeyId%3D[^&]*%26Version%3D2014-05-26$/;
  assert.match(seen.message, expected);
  assert.equal(seen.data.HostId, `${target.host}:${target.port}`);
};

const HEADERS = ['content-type', 'x-content-type-options', 'cache-control'];

test('the answers byte for byte', async (t) => {
  const target = server;
  const read = async (response: Response) => {
    const body = await response.text();
    const id = new RegExp(UUID).exec(body)?.[0] ?? '';
    assert.equal(response.headers.get('x-acs-request-id'), id);
    assert.equal(Number(response.headers.get('content-length')), Buffer.byteLength(body));
    const headers = HEADERS.map((name) => response.headers.get(name));
    return { status: response.status, headers, body: body.replaceAll(id, 'ID') };
  };
  const host = `${target.host}:${target.port}`;
  const json = ['application/json;charset=utf-8', 'nosniff', 'no-store'];
  const xml = ['text/xml;charset=utf-8', 'nosniff', 'no-store'];
  const bad = { ...FAMILY, ImageFamily: '1x' };
  const message = 'The image family name breaks the naming rules.';
  const link =
    'https://api.aliyun.com/troubleshoot?q=InvalidImageFamily.Malformed&product=Ecs&requestId=ID';

  await t.test('a success and an error in JSON', async () => {
    const ok = await read(await getSigned(target, 'DescribeImageFromFamily', FAMILY, 'JSON'));
    assert.deepEqual(ok, { status: 200, headers: json, body: '{"RequestId":"ID","Image":{}}' });
    const error = await read(await getSigned(target, 'DescribeImageFromFamily', bad, 'JSON'));
    const body = `{"RequestId":"ID","HostId":"${host}","Code":"InvalidImageFamily.Malformed","Message":"${message}","Recommend":"${link}"}`;
    assert.deepEqual(error, { status: 400, headers: json, body });
  });

  await t.test('a success and an error in XML', async () => {
    const head = '<?xml version="1.0" encoding="UTF-8"?>';
    const ok = await read(await getSigned(target, 'DescribeImageFromFamily', FAMILY, 'XML'));
    const answer = '<RequestId>ID</RequestId><Image></Image>';
    const whole = `${head}<DescribeImageFromFamilyResponse>${answer}</DescribeImageFromFamilyResponse>`;
    assert.deepEqual(ok, { status: 200, headers: xml, body: whole });
    const error = await read(await getSigned(target, 'DescribeImageFromFamily', bad, 'XML'));
    const members = `<RequestId>ID</RequestId><HostId>${host}</HostId><Code>InvalidImageFamily.Malformed</Code><Message>${message}</Message><Recommend>${link.replaceAll('&', '&amp;')}</Recommend>`;
    assert.deepEqual(error, {
      status: 400,
      headers: xml,
      body: `${head}<Error>${members}</Error>`,
    });
  });

  await t.test('V1: the mismatch ends with our string to sign, and with nothing else', async () => {
    for (const format of ['JSON', 'XML'] as const) {
      const signed = signedRequest(
        { ...FAMILY, ImageFamily: 'é *~' },
        {
          ...target,
          accessKeySecret: 'wrong',
          action: 'DescribeImageFromFamily',
          version: API_VERSION,
          nowMs: Date.now(),
          format,
          nonce: `mismatch-${run}-${format}`,
        },
      );
      const { status, body } = await read(await fetch(`${target.url}${signed.target}`));
      const time = new URLSearchParams(signed.target.slice(2)).get('Timestamp') ?? '';
      const stringToSign = `GET&%2F&AccessKeyId%3D${target.accessKeyId}%26Action%3DDescribeImageFromFamily%26Format%3D${format}%26ImageFamily%3D%25C3%25A9%2520%252A~%26RegionId%3Dcn-hangzhou%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3Dmismatch-${run}-${format}%26SignatureVersion%3D1.0%26Timestamp%3D${time.replaceAll(':', '%253A')}%26Version%3D2014-05-26`;
      const expected = `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`;
      const told =
        format === 'JSON'
          ? JSON.parse(body).Message
          : parseXml(body).children.find(({ name }) => name === 'Message')?.text;
      assert.deepEqual([status, told], [400, expected]);
    }
  });

  await t.test(
    'no such action, one that is not served, a wrong version: three answers',
    async () => {
      const outcomes = [
        ['NoSuchAction', API_VERSION, 404, 'InvalidAction.NotFound'],
        ['RunCommand', API_VERSION, 404, 'InvalidAction.NotSupported'],
        ['DescribeImages', '2014-05-27', 400, 'InvalidVersion'],
      ] as const;
      for (const [action, version, status, code] of outcomes) {
        const signed = signedRequest(
          {},
          { ...target, action, version, nowMs: Date.now(), format: 'JSON' },
        );
        const answer = await read(await fetch(`${target.url}${signed.target}`));
        const { Code, Message } = JSON.parse(answer.body);
        assert.deepEqual([answer.status, Code], [status, code]);
        assert.equal(/docs\/reference\/coverage\.md/.test(Message), code.endsWith('NotSupported'));
      }
    },
  );

  await t.test('without an Action, and a browser', async () => {
    const bare = await fetch(target.url);
    assert.deepEqual([bare.status, bare.headers.get('content-type')], [400, xml[0]]);
    assert.match(await bare.text(), /<Code>MissingAction<\/Code>/);
    const page = await fetch(target.url, { headers: { accept: 'text/html,*/*' } });
    assert.deepEqual([page.status, page.headers.get('x-content-type-options')], [200, 'nosniff']);
    assert.ok((await page.text()).split('\n').length <= 11);
  });
});
