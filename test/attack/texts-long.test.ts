// Texts that a caller writes, through the whole pipeline: letters that look alike, markup, SQL, stars, the
// names of buckets that lead elsewhere. What is taken comes back byte for byte, in JSON and in XML, and finds
// only itself; what is not is refused before anything happens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CallError,
  kindred,
  REGION,
  type Harness,
  type Parameters,
} from '../../src/testing/harness.ts';
import { parseXml, type XmlNode } from '../conformance/xml.ts';
import { attempt } from './attempts.ts';
import { v1, v3 } from './sign.ts';

const outcome = async (k: Harness, name: string, parameters: Parameters) => {
  try {
    await k.call(name, { RegionId: REGION, ...parameters });
    return 'OK';
  } catch (error) {
    if (error instanceof CallError) return error.code;
    throw error;
  }
};

test('letters that look alike are other letters, and what reorders or hides text is none', async (t) => {
  const k = await kindred(t);
  const alike = [
    'caf\u00e9',
    'cafe\u0301x'.normalize('NFC'),
    'Web',
    'web',
    'ｗｅｂ',
    'w\u0435b',
    '\u0130mage',
    'image',
    '\u0131mage',
    'K8s',
    '\u212a8s',
  ];
  const ids = new Map<string, string>();
  for (const ImageFamily of alike) ids.set(ImageFamily, (await k.image({ ImageFamily })).imageId);
  assert.equal(ids.size, alike.length);
  for (const [ImageFamily, imageId] of ids) {
    const { Image } = await k.call('DescribeImageFromFamily', { RegionId: REGION, ImageFamily });
    assert.deepEqual([Image.ImageId, Image.ImageFamily], [imageId, ImageFamily]);
  }
  // Another spelling of the same letters finds nothing; a mark is no letter.
  const decomposed = 'caf\u00e9'.normalize('NFD');
  assert.notEqual(await outcome(k, 'CreateImage', { ImageFamily: decomposed }), 'OK');
  for (const odd of [
    'we\u200bb',
    'we\u200db',
    'we\u202eb',
    'we\u2066b',
    '\u202eweb',
    'web\u00ad',
    'web🚀',
    'we b',
    'web\u0000',
    'web\n',
  ])
    for (const name of ['DescribeImageFromFamily', 'CreateImage'])
      assert.match(
        await outcome(k, name, { ImageFamily: odd, SnapshotId: 's-bp1' }),
        /^Invalid(ImageFamily\.Malformed|Parameter)$|^InvalidSnapshotId/,
        `${name} ${JSON.stringify(odd)}`,
      );
  for (const half of ['%ED%A0%80', '%ED%BF%BF', '%FF', '%C0%AF']) {
    const request = v1({ key: k.rootKey, nowMs: k.clock.wallMs() });
    const target = request.target.replace('ImageFamily=attacked', `ImageFamily=${half}`);
    assert.equal((await attempt(k, { ...request, target })).code, 'InvalidParameter');
  }
});

const MARKUP = [
  `<script>alert(1)</script>`,
  `]]><!-- & &amp; &#0; <![CDATA[x`,
  `"quotes" 'and' \\ back\\u0000slash`,
  `line\nand\ttab`,
  `separators\u2028and\u2029`,
  `🚀 \u00e9 \u{10ffff} \ufffd`,
  `\${jndi:ldap://x} {{7*7}} %00 %0d%0aSet-Cookie: a=b`,
];

const textsIn = (node: XmlNode, name: string): string[] => [
  ...(node.name === name ? [node.text] : []),
  ...node.children.flatMap((child) => textsIn(child, name)),
];

test('markup comes back as it was sent, well formed in both formats', async (t) => {
  const k = await kindred(t);
  for (const text of MARKUP) {
    const { imageId: ImageId } = await k.image({
      Description: text,
      'Tag.1.Key': 'k',
      'Tag.1.Value': text.slice(0, 40),
    });
    const call = { RegionId: REGION, ImageId };
    const [image] = (await k.call('DescribeImages', call)).Images.Image;
    assert.deepEqual([image.Description, image.Tags.Tag[0].TagValue], [text, text.slice(0, 40)]);
    const xml = parseXml(
      (await k.call('DescribeImages', call, { format: 'XML' })) as unknown as string,
    );
    assert.deepEqual(textsIn(xml, 'Description'), [text]);
  }
  // What XML cannot hold, or what could steer a terminal, is refused wherever it stands.
  for (const odd of [
    '\u0000',
    '\u0001',
    '\u000b',
    '\u001b[2J',
    '\u007f',
    '\u009b',
    '\ufffe',
    '\uffff',
    '\u202e',
    '\r',
  ])
    for (const parameters of [
      { Description: `ab${odd}` },
      { ImageName: `ab${odd}` },
      { 'Tag.1.Key': `ab${odd}` },
      { 'Tag.1.Key': 'a', 'Tag.1.Value': `ab${odd}` },
    ] as Parameters[]) {
      const before = k.stateHash();
      assert.notEqual(
        await outcome(k, 'CreateImage', { SnapshotId: 's-bp1', ...parameters }),
        'OK',
      );
      assert.equal(k.stateHash(), before);
    }
  // Errors repeat what was sent, too.
  for (const text of [...MARKUP, '<&>\u0001\u009b\ufffe'])
    for (const Format of ['XML', 'JSON']) {
      const by = { key: k.rootKey, nowMs: k.clock.wallMs() };
      for (const request of [
        v1({ ...by, action: text, system: { Format } }),
        v1({ ...by, parameters: { RegionId: text }, system: { Format } }),
        v3({ ...by, parameters: { Format, RegionId: text } }),
      ]) {
        const { body, status } = await attempt(k, request);
        assert.notEqual(status, 500);
        if (Format === 'XML') parseXml(body);
        else JSON.parse(body);
      }
    }
});

const SQL = [
  `' OR '1'='1`,
  `'; DROP TABLE image; --`,
  `" OR 1=1 --`,
  `x' UNION SELECT access_key_id, sealed_secret FROM access_key --`,
  `%' OR image_name LIKE '%`,
  `\\'; DELETE FROM account; --`,
  `*' OR 1 GLOB '*`,
  `?1`,
  `$1; SELECT pg_sleep(9)`,
  `/**/`,
  `\u02bc OR 1=1`,
  `[a-z]*`,
  `NULL`,
];

test('SQL in a text is a text', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image();
  const image = { RegionId: REGION, ImageId: imageId };
  for (const text of SQL) {
    await k.call('ModifyImageAttribute', { ...image, Description: text });
    await k.call('TagResources', {
      RegionId: REGION,
      ResourceType: 'image',
      'ResourceId.1': imageId,
      'Tag.1.Key': text,
      'Tag.1.Value': text,
    });
    const byTag = { RegionId: REGION, 'Tag.1.Key': text, 'Tag.1.Value': text };
    assert.equal((await k.call('DescribeImages', byTag)).TotalCount, 1, text);
    assert.equal((await k.call('DescribeImages', image)).Images.Image[0].Description, text);
    for (const filter of [
      { ImageName: text },
      { ImageId: text },
      { SnapshotId: text },
      { 'Tag.1.Key': `${text} ` },
      { ImageFamily: text },
    ] as Parameters[]) {
      const answer = await k
        .call('DescribeImages', { RegionId: REGION, ...filter })
        .catch((error: CallError) => error);
      if (answer instanceof CallError) assert.ok(answer.status < 500, answer.message);
      else assert.equal(answer.TotalCount, 0, JSON.stringify(filter));
    }
  }
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
});

test('stars and long values in filters cost no more than the rows', async (t) => {
  const k = await kindred(t);
  for (let i = 0; i < 30; i += 1) await k.image({ ImageName: `${'a'.repeat(120)}${i}` });
  const names = [
    '*'.repeat(64),
    '*'.repeat(128),
    '*a'.repeat(60),
    `${'*a'.repeat(60)}b`,
    `${'a*'.repeat(60)}b`,
    '?'.repeat(128),
    '['.repeat(128),
  ];
  for (const ImageName of names) {
    const startMs = performance.now();
    await outcome(k, 'DescribeImages', { ImageName });
    assert.ok(performance.now() - startMs < 250, `${ImageName}: ${performance.now() - startMs} ms`);
  }
  const values = 'v'.repeat(65_536);
  for (const parameters of [
    { 'Filter.1.Key': 'CreationStartTime', 'Filter.1.Value': values },
    { ImageName: values },
    { 'Tag.1.Key': values },
    { ImageId: Array.from({ length: 3_000 }, (_, i) => `m-${i}`).join(',') },
  ] as Parameters[]) {
    const startMs = performance.now();
    assert.notEqual(await outcome(k, 'DescribeImages', parameters), 'InternalError');
    assert.ok(performance.now() - startMs < 250);
  }
});

test('no name of a bucket or object leads to another host or folder, and none is an address', async (t) => {
  const k = await kindred(t);
  k.putObject('images', 'disk.qcow2', k.diskImage());
  const buckets = [
    '127.0.0.1:6379/x',
    '127.0.0.1',
    '169.254.169.254',
    '100.100.100.200',
    '[::1]',
    'evil.com#',
    'a@evil.com',
    '..',
    '../images',
    'images/../images',
    'http://evil.com',
    'images\u3002evil',
    'IMAGES',
    'images%2f',
    '127.1',
    'images.',
    '-images',
    'a'.repeat(64),
  ];
  const objects = [
    '../../etc/passwd',
    '..',
    '/etc/passwd',
    '..%2fx',
    'a/../../x',
    '',
    'x\\y',
    'a//b',
    `${'a'.repeat(1_024)}`,
    'x\u0000',
    'x\ny',
  ];
  const before = k.stateHash();
  const ask = (OSSBucket: string, OSSObject: string) =>
    outcome(k, 'ImportImage', {
      'DiskDeviceMapping.1.OSSBucket': OSSBucket,
      'DiskDeviceMapping.1.OSSObject': OSSObject,
      'DiskDeviceMapping.1.Format': 'raw',
    });
  for (const bucket of buckets) {
    assert.match(await ask(bucket, 'disk.qcow2'), /^(Invalid|Missing)/, bucket);
    assert.match(
      await outcome(k, 'CreateBucket', { Bucket: bucket }),
      /^(Invalid|Missing|Bucket)/,
      bucket,
    );
  }
  for (const object of objects)
    assert.match(await ask('images', object), /^(Invalid|Missing|Unsupported)/, object);
  assert.equal(k.stateHash(), before);
  assert.equal(await ask('images', 'disk.qcow2'), 'OK');
});

test('a cookie is no signature', async (t) => {
  const k = await kindred(t);
  const request = v1({ key: k.rootKey, nowMs: k.clock.wallMs() });
  const cookie = {
    ...request,
    rawHeaders: [
      ...request.rawHeaders,
      'Cookie',
      'session=x; login=root',
      'Origin',
      'http://evil.example',
      'X-HTTP-Method-Override',
      'DELETE',
    ],
  };
  const unsigned = request.target.replace(/&Signature=[^&]*/, '');
  assert.equal((await attempt(k, { ...cookie, target: unsigned })).code, 'MissingSignature');
  assert.equal((await attempt(k, cookie)).code, 'OK');
});
