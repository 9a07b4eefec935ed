// What becomes of an upload, for the audit trail: its bytes come by a secret address and not by a call, so
// that each end of it is recorded here, in the transaction that makes it true. Parts of its bytes are no
// change yet. The secret itself stands nowhere.
import { eventDraft } from '../../domain/audit-event.ts';
import type { Tx } from '../../domain/tx.ts';
import type { Upload } from '../../domain/upload.ts';
import { keptText } from '../audit/parameters.ts';

/** A request to the address of an upload. */
export interface Visit {
  requestId: string;
  peer: string | undefined;
  userAgent: string | undefined;
}

/** The ends of an upload that no operation brings about. */
export type UploadEnd = 'UploadFinished' | 'UploadFailed' | 'UploadDeleted' | 'UploadExpired';

/** `visit`: undefined when nobody asked for it, as in the sweep. */
export const recordUpload = (
  tx: Pick<Tx, 'actor' | 'record'>,
  eventName: UploadEnd,
  upload: Upload,
  visit: Visit | undefined,
): void => {
  const { uploadId, accountId, bucket, object, sizeBytes, message } = upload;
  const { principal, nowMs } = tx.actor;
  // Whoever has the address is somebody whom the account gave it to; more is not known.
  const arn = visit === undefined ? principal : `upload/${uploadId}`;
  const { peer, userAgent } = visit ?? {};
  tx.record(
    eventDraft({
      timeMs: nowMs,
      requestId: visit?.requestId ?? tx.actor.requestId,
      eventType: visit === undefined ? 'ServiceEvent' : 'ApiCall',
      eventName,
      eventRW: 'Write',
      serviceName: 'Kindred',
      who: { arn, accountId, accessKeyId: '' },
      ...(peer !== undefined && { sourceIpAddress: peer }),
      ...(userAgent !== undefined && { userAgent: keptText(userAgent) }),
      requestParameters: { bucketName: keptText(bucket), objectKey: keptText(object) },
      resources: {
        'ACS::Kindred::Upload': [uploadId],
        'ACS::OSS::Bucket': [bucket],
        'ACS::OSS::Object': [`${bucket}/${object}`],
      },
      ...(eventName === 'UploadFailed' && {
        errorCode: 'UploadFailed',
        errorMessage: keptText(message),
      }),
      additionalEventData: { sizeBytes },
    }),
  );
};
