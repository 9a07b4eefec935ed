// The record of a call through `/`. Everything that a caller chose is capped and redacted here.
import { principalArn } from '../../domain/principal.ts';
import { eventDraft, type Event, type Who } from '../../domain/audit-event.ts';
import type { AuditDraft } from '../../domain/audit.ts';
import { headerOf } from '../../wire/headers.ts';
import type { Exchange } from '../exchange.ts';
import { PRODUCT_NAMES } from '../product-names.ts';
import { keptParameters, keptText } from './parameters.ts';
import { resourcesIn } from './resources.ts';

/** The fingerprint of the nonce is taken once the signature was found right: not before is anybody known. */
const whoOf = ({ caller, credentials, envelope, nonceFingerprint }: Exchange): Who => {
  const accountId = credentials?.accountId ?? '';
  const accessKeyId = keptText(envelope?.accessKeyId ?? '');
  if (caller !== undefined) return { arn: caller.arn, accountId: caller.accountId, accessKeyId };
  const isKnown = credentials !== undefined && nonceFingerprint !== undefined;
  const arn = isKnown ? principalArn(credentials.accountId, credentials.principal) : '';
  return { arn, accountId, accessKeyId };
};

/** What a call through `/` has told by now. */
export const callEvent = (exchange: Exchange): Event => {
  const { request, operation, envelope, input } = exchange;
  const userAgent = headerOf(request, 'user-agent');
  const { RegionId } = input ?? {};
  return {
    timeMs: exchange.nowMs,
    requestId: exchange.requestId,
    eventType: 'ApiCall',
    eventName: operation?.action ?? keptText(exchange.call?.action ?? ''),
    eventRW: operation?.kind === 'read' ? 'Read' : 'Write',
    serviceName: operation ? PRODUCT_NAMES[operation.product] : '',
    eventSource: keptText(exchange.hostId),
    who: whoOf(exchange),
    ...(operation && { apiVersion: operation.version }),
    ...(typeof RegionId === 'string' && { regionId: keptText(RegionId) }),
    ...(request.remoteAddress !== undefined && { sourceIpAddress: request.remoteAddress }),
    ...(userAgent !== undefined && { userAgent: keptText(userAgent) }),
    ...(envelope && { requestParameters: keptParameters(envelope.business) }),
  };
};

/** The record of a write that is about to be committed. */
export const writeRecord = (
  exchange: Exchange,
  output: object,
  { isReplay }: { isReplay: boolean },
): AuditDraft =>
  eventDraft({
    ...callEvent(exchange),
    resources: resourcesIn(exchange.input, output),
    ...(isReplay && { additionalEventData: { isReplay } }),
  });
