import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from '../errors.ts';
import { renderError, renderSuccess } from './render.ts';
import { renderXml } from './render-xml.ts';
import { seed } from './test-requests.ts';

const requestId = '473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E';
const action = 'DescribeImages';
const output = {
  TotalCount: 2,
  NextToken: undefined,
  Images: {
    Image: [
      { ImageName: 'a<b', Usable: true },
      { ImageName: '中\n', Tags: { Tag: [] } },
    ],
  },
};

test('a JSON answer is compact, raw UTF-8, with the exact headers', () => {
  const answer = renderSuccess({ action, requestId, format: 'JSON', output });
  assert.equal(
    String(answer.body),
    `{"RequestId":"${requestId}","TotalCount":2,"Images":{"Image":[` +
      '{"ImageName":"a<b","Usable":true},{"ImageName":"中\\n","Tags":{"Tag":[]}}]}}',
  );
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.headers, {
    'content-type': 'application/json;charset=utf-8',
    'x-acs-request-id': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  const { body } = renderSuccess({ action, requestId, format: 'JSON', output: {} });
  assert.equal(String(body), `{"RequestId":"${requestId}"}`);
});

test('an XML answer repeats elements and keeps empty wrappers', () => {
  const answer = renderSuccess({ action, requestId, format: 'XML', output });
  assert.equal(
    answer.body,
    `<?xml version="1.0" encoding="UTF-8"?><DescribeImagesResponse><RequestId>${requestId}` +
      '</RequestId><TotalCount>2</TotalCount><Images><Image><ImageName>a&lt;b</ImageName>' +
      '<Usable>true</Usable></Image><Image><ImageName>中\n</ImageName><Tags></Tags></Image>' +
      '</Images></DescribeImagesResponse>',
  );
  assert.equal(answer.headers['content-type'], 'text/xml;charset=utf-8');
  const none = renderSuccess({ action, requestId, format: 'XML', output: { Image: {} } });
  assert.match(String(none.body), /<Image><\/Image><\/DescribeImagesResponse>$/);
});

const error = new ApiError('InvalidRegionId.NotFound', { message: '<b>]]>\u0000&"\ufffe' });
const failure = { error, requestId, hostId: 'ecs.example:80', product: 'Ecs' };
const recommend =
  'https://api.aliyun.com/troubleshoot?q=InvalidRegionId.NotFound&product=Ecs' +
  `&requestId=${requestId}`;

test('a JSON error holds strings; details add and never replace', () => {
  const detail = { AccessDeniedDetail: { AuthAction: 'ecs:X' }, Code: 7, RequestId: 8 };
  const denied = new ApiError('NoPermission', { detail });
  const answer = renderError({ ...failure, error: denied, format: 'JSON' });
  assert.equal(answer.status, 403);
  assert.deepEqual(JSON.parse(String(answer.body)), {
    RequestId: requestId,
    HostId: 'ecs.example:80',
    Code: 'NoPermission',
    Message: 'You are not authorized to do this action.',
    Recommend: recommend.replace('InvalidRegionId.NotFound', 'NoPermission'),
    AccessDeniedDetail: { AuthAction: 'ecs:X' },
  });
});

test('an XML error is well formed whatever it says', () => {
  const answer = renderError({ ...failure, format: 'XML', hostId: 'a\u009b<é' });
  assert.equal(answer.status, 404);
  assert.equal(
    answer.body,
    `<?xml version="1.0" encoding="UTF-8"?><Error><RequestId>${requestId}</RequestId>` +
      '<HostId>a?&lt;?</HostId><Code>InvalidRegionId.NotFound</Code>' +
      '<Message>&lt;b&gt;]]&gt;\ufffd&amp;&quot;\ufffd</Message>' +
      `<Recommend>${recommend.replaceAll('&', '&amp;')}</Recommend></Error>`,
  );
});

test('property: any value renders as XML that only holds legal characters and balanced tags', () => {
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\ud800', '\r', '\u000b', ']]>', '<!--', null, undefined, 1.5, true),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('node'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value.node), (members) => {
      const text = renderXml('Root', members).replace(/^<\?xml [^>]*\?>/, '');
      assert.ok(text.isWellFormed());
      assert.doesNotMatch(text, /[[\p{Cc}\ufffe\uffff]--[\t\n]]/v);
      assert.doesNotMatch(text, /&(?!(?:amp|lt|gt|quot|apos|#13);)/);
      const open: string[] = [];
      for (const [, close, name = ''] of text.matchAll(/<(\/?)([A-Za-z_][A-Za-z0-9_.-]*)>/g)) {
        if (close === '') open.push(name);
        else assert.equal(open.pop(), name);
      }
      assert.deepEqual(open, []);
      assert.doesNotMatch(text.replace(/<\/?[A-Za-z_][A-Za-z0-9_.-]*>/g, ''), /[<>]/);
    }),
    { seed },
  );
});
