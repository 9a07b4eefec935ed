import { renderXml } from '../../../wire/render-xml.ts';
import { requireObject } from '../require-object.ts';
import type { OssOperation } from '../operation.ts';

/** Objects have no list of their own: theirs is the bucket's, which is private. */
export const GetObjectAcl: OssOperation = {
  name: 'GetObjectAcl',
  method: 'GET',
  target: 'object',
  selector: 'acl',
  parameters: [],
  async run(context) {
    await requireObject(context);
    const { accountId } = context.caller;
    const body = renderXml('AccessControlPolicy', {
      Owner: { ID: accountId, DisplayName: accountId },
      AccessControlList: { Grant: 'default' },
    });
    return { status: 200, body };
  },
};
