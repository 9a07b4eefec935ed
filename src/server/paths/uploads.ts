// `/uploads/<secret>`: bytes for one object of a bucket, by the tus protocol or by PUT. The secret in
// the path is the right to write; it is looked up by its hash and written to no log.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Upload } from '../../domain/upload.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { logText } from '../log.ts';
import { answerOf } from '../uploads/answers.ts';
import { putUpload } from '../uploads/put.ts';
import type { Tus } from '../uploads/tus.ts';
import type { PathContext } from './path.ts';

interface UploadRoute {
  Params: { secret: string };
}

/** How long a client has to read a refusal before its connection, still full of body, is cut. */
const LINGER_MS = 500;

export const uploadsPath = (app: FastifyInstance, context: PathContext): void => {
  void app.register(async (scope) => {
    // Bodies are disks: nothing is parsed, the handler takes the stream.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    let tus: Promise<Tus> | undefined;
    const loadTus = (): Promise<Tus> =>
      (tus ??= import('../uploads/tus.ts').then(({ makeTus }) =>
        makeTus(context.kindred.uploads, context.kindred.house.log),
      ));
    const options = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      reply.hijack();
      await (await loadTus()).handle(request.raw, reply.raw);
    };
    scope.options('/uploads', options);
    scope.options('/uploads/:secret', options);
    scope.route<UploadRoute>({
      method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
      url: '/uploads/:secret',
      exposeHeadRoute: false,
      handler: (request, reply) => serve(context, loadTus, request, reply),
    });
  });
};

const serve = async (
  context: PathContext,
  loadTus: () => Promise<Tus>,
  request: FastifyRequest<UploadRoute>,
  reply: FastifyReply,
) => {
  const { uploads, house } = context.kindred;
  const startMs = house.clocks.monotonicMs();
  endWithTheAnswer(request.raw, reply.raw);
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
  if (request.headers['x-http-method-override'] !== undefined)
    return refuse(reply, { status: 400, message: 'X-HTTP-Method-Override is not taken.' });
  const upload = await uploads.find(request.params.secret);
  if (upload === undefined) return refuse(reply, { status: 404, message: 'No such upload.' });
  const requestId = house.random.uuid().toUpperCase();
  reply.raw.once('close', () =>
    house.log.info(
      {
        requestId,
        uploadId: upload.uploadId,
        account: upload.accountId,
        method: request.method,
        status: reply.raw.statusCode,
        isAnswered: reply.raw.writableFinished,
        peer: request.socket.remoteAddress,
        client: logText(request.headers['user-agent'] ?? ''),
        elapsedMs: Math.round(house.clocks.monotonicMs() - startMs),
      },
      'upload',
    ),
  );
  const visit = {
    requestId,
    peer: request.socket.remoteAddress,
    userAgent: request.headers['user-agent'],
  };
  return uploads.visited(visit, () => answer(context, loadTus, upload, request, reply));
};

const answer = async (
  context: PathContext,
  loadTus: () => Promise<Tus>,
  upload: Upload,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  const { uploads } = context.kindred;
  const isTus = request.headers['tus-resumable'] !== undefined;
  if (request.method === 'PUT') return put(context, upload, request, reply);
  if (request.method === 'GET' || (request.method === 'HEAD' && !isTus)) {
    const now = await uploads.look(upload);
    const uploadedBytes = await uploads.uploadedBytes(now);
    return reply.headers(offsets(now, uploadedBytes)).send(view(now, uploadedBytes));
  }
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.hijack();
  await (await loadTus()).handle(request.raw, reply.raw, upload);
  return undefined;
};

const put = async (
  { kindred: { uploads, house } }: PathContext,
  upload: Upload,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  try {
    const after = await putUpload(uploads, upload, request.raw);
    if (after.status !== 'Finished') return refuse(reply, { status: 422, message: after.message });
    return reply.code(201).send(view(after, after.sizeBytes));
  } catch (error) {
    const answer = answerOf(error);
    if (answer.status >= 500) house.log.error({ err: error }, 'an upload failed');
    reply.headers(offsets(upload, await uploads.uploadedBytes(upload)));
    return refuse(reply, answer);
  }
};

const refuse = (reply: FastifyReply, { status, message }: { status: number; message: string }) =>
  reply.code(status).type('text/plain; charset=utf-8').send(`${message}\n`);

const offsets = (upload: Upload, uploadedBytes: number) => ({
  'upload-offset': uploadedBytes,
  'upload-length': upload.sizeBytes,
});

/** For people who want to know how far it is. */
const view = (upload: Upload, uploadedBytes: number) => ({
  uploadId: upload.uploadId,
  bucket: upload.bucket,
  object: upload.object,
  status: upload.status,
  sizeBytes: upload.sizeBytes,
  uploadedBytes,
  ...(upload.message && { message: upload.message }),
  expirationTime: formatSeconds(upload.expiresMs),
});

/** A body that nobody reads any more is not read to its end: that may never come. */
const endWithTheAnswer = (request: IncomingMessage, response: ServerResponse): void => {
  response.once('finish', () => {
    if (request.complete) return;
    const { socket } = request;
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
};
