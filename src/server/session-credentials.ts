// Temporary credentials: the token says whose they are. It is sealed under the master key, so that only
// what this installation gave out can be read; the role is asked for at every call, so that a session
// ends with its role.
import type { Credentials } from '../domain/account.ts';
import type { Session } from '../domain/session.ts';
import { ApiError } from '../errors.ts';
import type { House } from './house.ts';

/** Characters of a token; one with the longest policy is shorter. */
const MAX_TOKEN_CHARACTERS = 16_384;

/** @throws ApiError MissingSecurityToken, InvalidSecurityToken.* */
export const findSession = async (
  accessKeyId: string,
  token: string | undefined,
  nowMs: number,
  house: Pick<House, 'secrets' | 'store'>,
): Promise<{ credentials: Credentials; secret: string }> => {
  if (token === undefined || token === '') throw new ApiError('MissingSecurityToken');
  const text = token.length > MAX_TOKEN_CHARACTERS ? undefined : house.secrets.openToken(token);
  if (text === undefined) throw new ApiError('InvalidSecurityToken.Malformed');
  // Nobody else can have sealed it: what it holds is a session.
  const session = JSON.parse(text) as Session;
  if (session.accessKeyId !== accessKeyId)
    throw new ApiError('InvalidSecurityToken.MismatchWithAccessKey');
  if (session.endMs <= nowMs) throw new ApiError('InvalidSecurityToken.Expired');
  const { accountId, roleName, roleId, sessionName, sessionPolicy, endMs } = session;
  const role = await house.store.read((tx) => tx.sessionRole(accountId, roleName));
  if (role?.roleId !== roleId)
    throw new ApiError('InvalidSecurityToken.Expired', {
      message: 'Specified SecurityToken is expired: the role does not exist any more.',
    });
  return {
    secret: session.accessKeySecret,
    credentials: {
      accessKeyId,
      accountId,
      sealedSecret: '',
      status: 'Active',
      endMs,
      isOperator: role.isOperator,
      principal: {
        kind: 'role',
        roleName,
        roleId,
        sessionName,
        ...(sessionPolicy !== undefined && { sessionPolicy }),
      },
    },
  };
};
