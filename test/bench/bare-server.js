// The limit that Node itself sets: an http.Server that answers the same bytes to every request.
import { createServer } from 'node:http';

const body = Buffer.from(process.env.BENCH_BODY ?? '{}', 'base64');
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, {
    'content-type': 'application/json;charset=utf-8',
    'x-acs-request-id': 'E39053A7-C3E6-41FA-8F8D-F5BD8063E61C',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': body.length,
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready on http://127.0.0.1:${server.address().port}\n`);
});
