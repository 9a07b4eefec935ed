import { childText } from '../../../wire/parse-xml.ts';
import { renderXml } from '../../../wire/render-xml.ts';
import { OssError } from '../error.ts';
import type { OssOperation } from '../operation.ts';
import { readXml } from '../read-body.ts';
import { shown } from '../shown.ts';

const MAX_KEYS = 1000;

export const DeleteMultipleObjects: OssOperation = {
  name: 'DeleteMultipleObjects',
  method: 'POST',
  target: 'bucket',
  selector: 'delete',
  parameters: ['encoding-type'],
  async run(context) {
    const { objects, request, incoming, caller, permit, requestId } = context;
    const document = await readXml(incoming, 'Delete');
    const keys = document.children
      .filter(({ name }) => name === 'Object')
      .map((one) => childText(one, 'Key'));
    if (keys.length === 0 || keys.length > MAX_KEYS || keys.some((key) => !key))
      throw new OssError('MalformedXML');
    await permit(
      'oss:DeleteObject',
      keys.map((key) => `${request.bucket}/${key}`),
    );
    context.noteObjects(keys.map((key) => key!));
    for (const key of keys)
      await objects.remove(request.bucket, key!, { arn: caller.arn, requestId });
    const isQuiet = childText(document, 'Quiet') === 'true';
    const { encoding, text } = shown(request);
    const Deleted = isQuiet ? [] : keys.map((key) => ({ Key: text(key!) }));
    return { status: 200, body: renderXml('DeleteResult', { ...encoding, Deleted }) };
  },
};
