import { KindredError } from '../client/kindred-error.ts';
import type { ClientSettings } from '../client/settings.ts';

/** One sentence that says what went wrong with its code, and one that says what to do next. */
export const failureText = (
  error: KindredError,
  { endpoint, endpointFrom, keyFrom, dataDir }: ClientSettings,
  command: string,
): string => {
  const advice: Readonly<Record<string, string>> = {
    EndpointUnreachable: /certificate/i.test(error.message)
      ? 'Trust its certificate with NODE_EXTRA_CA_CERTS=FILE.'
      : `Name a server with --endpoint (this one is from ${endpointFrom}), or start one with kindred serve.`,
    UnreadableAnswer: `Is ${endpoint} (from ${endpointFrom}) a Kindred server? kindred doctor looks.`,
    'InvalidAccessKeyId.NotFound': `The key is from ${keyFrom}, the server is ${endpoint}: do they belong together?`,
    'InvalidAccessKeyId.Inactive': `The key is from ${keyFrom}; kindred keys enable switches it on again.`,
    SignatureDoesNotMatch: `The secret from ${keyFrom} is not the one of its key.`,
    'InvalidTimeStamp.Expired': 'The clocks differ: kindred doctor shows by how much.',
    'InvalidRegionId.NotFound': 'kindred describe-regions lists the regions.',
    'InvalidImageId.NotFound': 'kindred describe-images --status ALL lists the images of a region.',
    NoPermission: `That takes a key of the operator's account, for example the one in ${dataDir}/root-key.json (--data).`,
    'InvalidAction.NotSupported':
      'The server is older than this command; kindred doctor shows its version.',
    'InvalidAction.NotFound':
      'The server is older than this command; kindred doctor shows its version.',
    InternalError: `That is a fault of the server; its log tells more under the RequestId ${error.requestId}.`,
    ServiceUnavailable:
      'The server takes no writes at the moment, or has too much to do; its log says why, kindred doctor looks.',
    'Throttling.User': 'Wait a moment and try again.',
  };
  const next = advice[error.code] ?? `kindred ${command} --help explains the parameters.`;
  // The text that the server signed is for programs, not for people.
  const message = error.message.split(/ server string to sign/i)[0]!.trim();
  const end = /[.!?]$/.test(message) ? '' : '.';
  return `${error.code}: ${message}${end} ${next}\n`;
};
