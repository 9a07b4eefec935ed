import { CaseList } from './corpus-case.ts';
import { DISK_BYTES, backed, putExtensions, qcow2Image } from './qcow2-image.ts';

const NAMES: readonly (readonly [name: string, target: string])[] = [
  ['absolute', '/etc/passwd'],
  ['relative', '../../secret.img'],
  ['json', 'json:{"driver":"file","filename":"/etc/shadow"}'],
  ['nbd', 'nbd://127.0.0.1:10809/disk'],
  ['http', 'http://169.254.169.254/latest/meta-data'],
  ['fd', '/dev/fd/3'],
  ['fdset', '/dev/fdset/1'],
  ['device', '/dev/sda'],
];
const BACKING_FORMAT = 0xe279_2aca;
const DATA_FILE = 0x4441_5441;

/** qcow2 images that name another file. */
export function qcow2ReferenceCases() {
  const list = new CaseList('qcow2-reference', { declared: 'qcow2', virtualSize: DISK_BYTES });
  for (const [name, target] of NAMES)
    list.reject(`backing-v3-${name}`, 'QCOW2_BACKING_FILE', backed({}, target));
  for (const [name, target] of NAMES.slice(0, 4))
    list.reject(`backing-v2-${name}`, 'QCOW2_BACKING_FILE', backed({ version: 2 }, target));
  const lengths = { zero: 0, 1023: 1023, 1024: 1024, huge: 2 ** 32 - 1 };
  for (const [name, length] of Object.entries(lengths))
    list.reject(
      `backing-length-${name}`,
      'QCOW2_BACKING_FILE',
      backed({}, '/etc/passwd').u32(16, length),
    );
  list.reject('backing-offset0', 'QCOW2_BACKING_FILE', qcow2Image().u32(16, 11));
  list.reject(
    'backing-beyond-file',
    'QCOW2_BACKING_FILE',
    qcow2Image()
      .u64(8, 2n ** 40n)
      .u32(16, 9),
  );
  list.reject(
    'backing-512-bytes',
    'QCOW2_BACKING_FILE',
    backed({}, '/etc/passwd', 200).resize(512),
  );
  list.reject(
    'backing-format-alone',
    'QCOW2_BACKING_FILE',
    putExtensions(qcow2Image(), [[BACKING_FORMAT, 'raw']]),
  );
  const bit = 4;
  const named = (target: string) => putExtensions(qcow2Image(), [[DATA_FILE, target]]);
  const DATA = 'QCOW2_DATA_FILE';
  list.reject('datafile', DATA, named('/etc/passwd').u64(72, bit));
  list.reject('datafile-json', DATA, named('json:{"driver":"host_device"}').u64(72, bit));
  list.reject('datafile-raw', DATA, named('data.raw').u64(72, bit).u64(88, 2));
  list.reject('datafile-noname', DATA, qcow2Image().u64(72, bit));
  list.reject('datafile-nobit', DATA, named('/etc/passwd'));
  list.reject('datafile-512-bytes', DATA, named('/etc/passwd').u64(72, bit).resize(512));
  return list.cases;
}
