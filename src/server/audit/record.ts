// The record of a call, in the field names of ActionTrail's events, so that what reads those reads these.
// Everything that a caller chose is capped and redacted here; nothing else makes records of calls.
import { principalArn } from '../../domain/principal.ts';
import type { AuditDraft } from '../../domain/audit.ts';
import type { Actor } from '../../domain/tx.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { headerOf } from '../../wire/headers.ts';
import type { Exchange } from '../exchange.ts';
import { PRODUCT_NAMES } from '../product-names.ts';
import { keptParameters, keptText } from './parameters.ts';
import { resourcesIn, type Resources } from './resources.ts';

/** Who made a call. `arn` is empty when nobody has proven who he is. */
export interface Who {
  arn: string;
  accountId: string;
  accessKeyId: string;
}

/** What is known of an event, whichever door it came through. */
export interface Event {
  timeMs: number;
  requestId: string;
  /** `ApiCall` from outside, `ServiceEvent` of this installation itself. */
  eventType: 'ApiCall' | 'ServiceEvent';
  eventName: string;
  /** `Read` stands only for calls that were refused. */
  eventRW: 'Write' | 'Read';
  serviceName: string;
  apiVersion?: string;
  who: Who;
  regionId?: string;
  sourceIpAddress?: string;
  userAgent?: string;
  /** Host that the client called. */
  eventSource?: string;
  requestParameters?: Record<string, string>;
  resources?: Resources;
  errorCode?: string;
  errorMessage?: string;
  additionalEventData?: Record<string, unknown>;
}

/** What is not known is not said: members of undefined are left out. */
export const eventDraft = (event: Event): AuditDraft => {
  const { who, resources = {} } = event;
  return {
    timeMs: event.timeMs,
    accountId: who.accountId,
    principal: who.arn,
    eventName: event.eventName,
    requestId: event.requestId,
    resources: Object.values(resources).flat(),
    members: JSON.stringify({
      eventId: event.requestId,
      eventVersion: '1',
      eventTime: formatSeconds(event.timeMs),
      eventType: event.eventType,
      eventCategory: 'Management',
      eventRW: event.eventRW,
      eventName: event.eventName,
      eventSource: event.eventSource,
      serviceName: event.serviceName,
      apiVersion: event.apiVersion,
      requestId: event.requestId,
      sourceIpAddress: event.sourceIpAddress,
      userAgent: event.userAgent,
      userIdentity: identityOf(who),
      recipientAccountId: who.accountId || undefined,
      acsRegion: event.regionId,
      requestParameters: event.requestParameters,
      referencedResources: Object.keys(resources).length > 0 ? resources : undefined,
      errorCode: event.errorCode,
      errorMessage: event.errorMessage,
      additionalEventData: event.additionalEventData,
    }),
  };
};

const TYPES: Readonly<Record<string, string>> = {
  root: 'root-account',
  user: 'ram-user',
  role: 'assumed-role',
  'assumed-role': 'assumed-role',
};

/** By the tail of the ARN: `root`, `user/<name>`, `assumed-role/<role>/<session>`. */
const identityOf = ({ arn, accountId, accessKeyId }: Who): Record<string, string | undefined> => {
  const tail = /^acs:ram::\d*:(.*)$/.exec(arn)?.[1];
  const [kind = '', ...name] = tail?.split('/') ?? [];
  const isSystem = arn.startsWith('kindred:');
  return {
    type: isSystem ? 'system' : (TYPES[kind] ?? 'unknown'),
    principalId: arn || undefined,
    accountId: accountId || undefined,
    accessKeyId: accessKeyId ? keptText(accessKeyId) : undefined,
    userName: name.length > 0 ? keptText(name.join('/')) : undefined,
  };
};

/** An event of the installation itself. */
export const serviceEvent = (
  { principal, requestId, nowMs }: Actor,
  eventName: string,
  additionalEventData: Record<string, unknown>,
): Event => ({
  timeMs: nowMs,
  requestId,
  eventType: 'ServiceEvent',
  eventName,
  eventRW: 'Write',
  serviceName: 'Kindred',
  who: { arn: principal, accountId: '', accessKeyId: '' },
  additionalEventData,
});

/** The fingerprint of the nonce is taken once the signature was found right: not before is anybody known. */
const whoOf = ({ caller, credentials, envelope, nonceFingerprint }: Exchange): Who => {
  const accountId = credentials?.accountId ?? '';
  const accessKeyId = envelope?.accessKeyId ?? '';
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
