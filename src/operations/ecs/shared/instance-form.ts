// What the schemas of RunInstances and CreateInstance cannot say of the values. Reads nothing and writes
// nothing; the first fault is thrown.
import { isDescription, isResourceName } from '../../../domain/naming.ts';
import type { Tag } from '../../../domain/tag.ts';
import { object, type Static } from '../../../lib/schema.ts';
import type { CallContext } from '../../../operation.ts';
import { requireCreationTags, type CreationTagFault } from './creation-tags.ts';
import { instanceParameters } from './instance-parameters.ts';
import { withoutPattern } from './ordered-names.ts';

const parameters = object(instanceParameters);
export type InstanceRequest = Static<typeof parameters>;

export type InstanceFormFault =
  | CreationTagFault
  | 'InvalidInstanceName.Malformed'
  | 'InvalidHostName.Malformed'
  | 'InvalidDescription.Malformed'
  | 'InvalidDiskName.Malformed'
  | 'InvalidDiskDescription.Malformed'
  | 'InvalidPassword.Malformed'
  | 'InvalidPasswordParam.Mismatch'
  | 'InvalidParameter.EncryptedIllegal'
  | 'InvalidParameter'
  | 'InvalidUserData.SizeExceeded'
  | 'InvalidRamRole.NotFound';

type Context = Pick<CallContext<InstanceFormFault>, 'fail'>;

const HOST_NAME = /^[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$/;
const MAX_USER_DATA_BYTES = 32 * 1024;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** 8 to 30 characters of at least three of the four kinds; the first is no slash. */
export const isPassword = (text: string): boolean => {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[()`~!@#$%^&*_+=|{}[\]:;'<>,.?/-]/];
  return (
    /^[!-~]{8,30}$/.test(text) &&
    !text.startsWith('/') &&
    kinds.filter((kind) => kind.test(text)).length >= 3
  );
};

export const isHostName = (text: string): boolean =>
  text.length >= 2 && text.length <= 64 && HOST_NAME.test(text);

type Encryption = { Encrypted?: boolean; KMSKeyId?: string; EncryptAlgorithm?: string };

export const asksForEncryption = (disk: Encryption): boolean =>
  disk.Encrypted === true || disk.KMSKeyId !== undefined || disk.EncryptAlgorithm !== undefined;

const checkDisks = (ctx: Context, { SystemDisk, DataDisk = [] }: InstanceRequest): void => {
  const named = DataDisk.map((disk, i) => ({ disk, name: `DataDisk.${i + 1}.` }));
  if (SystemDisk !== undefined) named.unshift({ disk: SystemDisk, name: 'SystemDisk.' });
  for (const { disk, name } of named) {
    if (asksForEncryption(disk)) throw ctx.fail('InvalidParameter.EncryptedIllegal');
    if (disk.DiskName !== undefined && !isResourceName(disk.DiskName))
      throw ctx.fail('InvalidDiskName.Malformed', { parameter: `${name}DiskName` });
    if (disk.Description !== undefined && !isDescription(disk.Description))
      throw ctx.fail('InvalidDiskDescription.Malformed', { parameter: `${name}Description` });
  }
};

export const checkUserData = (
  ctx: Pick<CallContext<'InvalidParameter' | 'InvalidUserData.SizeExceeded'>, 'fail'>,
  text: string,
): void => {
  if (!BASE64.test(text)) throw ctx.fail('InvalidParameter', { parameter: 'UserData' });
  if (Buffer.byteLength(text, 'base64') > MAX_USER_DATA_BYTES)
    throw ctx.fail('InvalidUserData.SizeExceeded');
};

/** Checks the form of the request; gives the tags. */
export const checkInstanceForm = (ctx: Context, wanted: InstanceRequest): readonly Tag[] => {
  const { InstanceName, HostName, Description, Password, PasswordInherit, UserData } = wanted;
  if (InstanceName !== undefined && !isResourceName(withoutPattern(InstanceName)))
    throw ctx.fail('InvalidInstanceName.Malformed');
  if (HostName !== undefined && !isHostName(withoutPattern(HostName)))
    throw ctx.fail('InvalidHostName.Malformed');
  if (Description !== undefined && !isDescription(Description))
    throw ctx.fail('InvalidDescription.Malformed');
  if (Password !== undefined && PasswordInherit === true)
    throw ctx.fail('InvalidPasswordParam.Mismatch');
  if (Password !== undefined && !isPassword(Password)) throw ctx.fail('InvalidPassword.Malformed');
  if (UserData !== undefined) checkUserData(ctx, UserData);
  if (wanted.RamRoleName !== undefined) throw ctx.fail('InvalidRamRole.NotFound');
  checkDisks(ctx, wanted);
  return requireCreationTags(ctx, wanted.Tag);
};
