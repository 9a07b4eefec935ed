// What a record keeps of a call's parameters: enough to see what was asked, nothing that opens a door, and
// never more than a few KiB, whatever a caller sends.
import { logText } from '../log.ts';

const MOST_PARAMETERS = 50;
const REDACTED = '[redacted]';

/**
 * Names whose values are not kept. What a build or a machine is given as text may hold secrets too; a
 * ClientToken and a NextToken open nothing.
 */
const SECRET =
  /password|passwd|secret|userdata|signature|privatekey|credential|assertion|content|(?<!^client|^next)token/i;

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;

/** An address without what may be a secret in it: user, password and query. */
const plainAddress = (text: string): string =>
  text.replace(/^([^:]+:\/\/)[^/@]*@/, '$1').replace(/[?#].*$/s, '?…');

/** Nearly every text: printable ASCII, and short. */
const PLAIN = /^[\u0020-\u007e]{0,256}$/;

export const keptText = (text: string): string =>
  PLAIN.test(text) ? text : logText(text).toWellFormed();

const keptValue = (name: string, value: string): string => {
  if (SECRET.test(name)) return REDACTED;
  return keptText(ADDRESS.test(value) ? plainAddress(value) : value);
};

/** As on the wire; names are capped like values. */
export const keptParameters = (sent: Iterable<[string, string]>): Record<string, string> => {
  const kept: Record<string, string> = {};
  let count = 0;
  for (const [name, value] of sent) {
    if (count++ === MOST_PARAMETERS) {
      kept['…'] = 'more parameters were sent';
      break;
    }
    kept[keptText(name)] = keptValue(name, value);
  }
  return kept;
};
