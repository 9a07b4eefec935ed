// A process that is made to die: opens the data directory, optionally accepts imports, runs the jobs
// and sweeps, with a fault plan from its arguments. Ends with 0 when it was not killed.
import type { FaultPlan } from '../../src/lib/fault.ts';
import { acceptFarCopy } from './copy-fixture.ts';
import { acceptFarExecution } from './execution-fixture.ts';
import { acceptExportOf, cancelExportOf } from './export-fixture.ts';
import { acceptImport, cancel, FAR, openPlace, scope, write } from './jobs-fixture.ts';
import { startVerify } from './verify-fixture.ts';

const [dataDir = '', planText = '', task = ''] = process.argv.slice(2);
const faultPlan = JSON.parse(planText) as FaultPlan; // written by the test that starts this process
const place = await openPlace(dataDir, { faultPlan, graceMs: 0, farRegions: [FAR.regionId] });

if (task === 'import')
  for (const object of ['a.qcow2', 'b.qcow2', 'bad.qcow2'])
    process.stdout.write(`${JSON.stringify(await acceptImport(place, [{ object }]))}\n`);
if (task === 'delete') {
  const { rows } = await place.parts.store.read((tx) =>
    tx.images(scope, {}, { limit: 9, offset: 0 }),
  );
  await write(place, async (tx) => {
    for (const image of rows) {
      await tx.deleteImageRows(image.imageId);
      for (const { snapshotId } of image.disks)
        if (snapshotId !== null) await tx.deleteSnapshotRows(snapshotId);
    }
  });
}
if (task === 'copy') process.stdout.write(`${JSON.stringify(await acceptFarCopy(place))}\n`);
if (task === 'verify') await startVerify(place);
if (task === 'execute') await acceptFarExecution(place);
if (task === 'cancel') await cancel(place, await acceptImport(place, [{ object: 'a.qcow2' }]));
if (['export', 'convert', 'pack', 'cancel-export'].includes(task)) {
  const accepted = await acceptExportOf(
    place,
    task === 'convert' ? 'vhd' : undefined,
    task === 'pack' ? 'raw.tar.gz' : 'kept',
  );
  process.stdout.write(`${JSON.stringify(accepted)}\n`);
  if (task === 'cancel-export') await cancelExportOf(place, accepted);
}
await place.engine.start();
await place.engine.finishAll();
await place.parts.sweep.run();
await place.close();
