import type { ImageSignature, SignatureType } from '../../domain/address.ts';
import type { ImageId } from '../../domain/ids.ts';
import type { Scope } from '../../domain/tx.ts';
import { statement, type Connection } from '../statement.ts';

const ofImage = statement((db, arg: { imageId: string }) =>
  db
    .selectFrom('image_signature')
    .select([
      'signature_type as signatureType',
      'signature as signature',
      'creation_ms as creationMs',
    ])
    .where('image_id', '=', arg.imageId)
    .orderBy('signature_type'),
);

export const imageSignatureReads = (connection: Connection) => ({
  async imageSignatures(imageId: ImageId): Promise<ImageSignature[]> {
    return (await connection.all(ofImage, { imageId })) as ImageSignature[];
  },
});

const put = statement((db, arg: Scope & ImageSignature & { imageId: string }) =>
  db
    .insertInto('image_signature')
    .values({
      image_id: arg.imageId,
      signature_type: arg.signatureType,
      account_id: arg.accountId,
      region_id: arg.regionId,
      signature: arg.signature,
      creation_ms: arg.creationMs,
    })
    .onConflict((oc) =>
      oc.columns(['image_id', 'signature_type']).doUpdateSet((eb) => ({
        signature: eb.ref('excluded.signature'),
        creation_ms: eb.ref('excluded.creation_ms'),
      })),
    ),
);
const drop = statement((db, arg: { imageId: string; signatureType: string }) =>
  db
    .deleteFrom('image_signature')
    .where('image_id', '=', arg.imageId)
    .where('signature_type', '=', arg.signatureType),
);

export const imageSignatureWrites = (connection: Connection) => ({
  async putImageSignature(
    { accountId, regionId }: Scope,
    imageId: ImageId,
    signature: ImageSignature,
  ): Promise<void> {
    await connection.run(put, { accountId, regionId, imageId, ...signature });
  },
  async deleteImageSignature(imageId: ImageId, signatureType: SignatureType): Promise<boolean> {
    return (await connection.run(drop, { imageId, signatureType })) === 1;
  },
});
