// What the object door adds to the audit trail. An object is a file, which no transaction holds: its record
// is written when the file has its name and before the answer goes out, so that nothing is acknowledged
// without a record. Parts of an upload are no change yet: its end is.
import type { House } from '../house.ts';
import { keptText } from '../audit/parameters.ts';
import { eventDraft, MOST_RESOURCES, type Event } from '../../domain/audit-event.ts';
import type { Caller } from '../../domain/account.ts';
import type { OssRequest } from '../../wire/oss-request.ts';
import type { OssError } from './error.ts';
import type { OssOperation } from './operation.ts';

/** A request on its way, as far as it is known. */
export interface DoorCall {
  requestId: string;
  operation?: OssOperation;
  caller?: Caller;
  /** Keys that it named beside its path. */
  objects?: readonly string[];
  request?: OssRequest;
  host: string;
  peer: string | undefined;
  userAgent: string | undefined;
}

const NO_CHANGE: ReadonlySet<string> = new Set(['UploadPart', 'UploadPartCopy']);

const isChange = ({ method, name }: OssOperation): boolean =>
  method !== 'GET' && method !== 'HEAD' && !NO_CHANGE.has(name);

const eventOf = (call: DoorCall, nowMs: number): Event => {
  const { operation, caller, request, peer, userAgent } = call;
  const bucket = keptText(request?.bucket ?? '');
  const object = keptText(request?.key ?? '');
  const objects = [...(object === '' ? [] : [object]), ...(call.objects ?? []).map(keptText)];
  return {
    timeMs: nowMs,
    requestId: call.requestId,
    eventType: 'ApiCall',
    eventName: operation?.name ?? '',
    eventRW: operation !== undefined && isChange(operation) ? 'Write' : 'Read',
    serviceName: 'Oss',
    eventSource: keptText(call.host),
    who: {
      arn: caller?.arn ?? '',
      accountId: caller?.accountId ?? '',
      accessKeyId: caller?.accessKeyId ?? '',
    },
    ...(peer !== undefined && { sourceIpAddress: peer }),
    ...(userAgent !== undefined && { userAgent: keptText(userAgent) }),
    ...(bucket !== '' && {
      requestParameters: { bucketName: bucket, ...(object !== '' && { objectKey: object }) },
      resources: {
        'ACS::OSS::Bucket': [bucket],
        ...(objects.length > 0 && {
          'ACS::OSS::Object': objects.slice(0, MOST_RESOURCES).map((name) => `${bucket}/${name}`),
        }),
      },
    }),
    ...(objects.length > MOST_RESOURCES && {
      additionalEventData: { objectCount: objects.length },
    }),
  };
};

/** The record of what was done; resolves when it is on disk. */
export const recordChange = async ({ trail, clocks }: House, call: DoorCall): Promise<void> => {
  if (call.operation !== undefined && isChange(call.operation))
    await trail.record(eventDraft(eventOf(call, clocks.wallMs())));
};

/** Denials, and changes that failed: gathered with those of `/`. */
export const noteRefusal = (
  { trail, clocks }: House,
  call: DoorCall,
  { code, status, message }: OssError,
): void => {
  const { operation, caller, peer = '', requestId } = call;
  const isFailedChange = operation !== undefined && isChange(operation) && status >= 400;
  if (status !== 403 && !isFailedChange) return;
  const nowMs = clocks.wallMs();
  const event = (): Event => ({
    ...eventOf(call, nowMs),
    errorCode: code,
    errorMessage: keptText(message),
  });
  trail.refused.note(code, event, {
    accountId: caller?.accountId ?? '',
    accessKeyId: caller?.accessKeyId ?? '',
    name: operation?.name ?? '',
    peer,
    requestId,
    nowMs,
  });
};
