// One of every kind of card that Purser makes, by the real commands: what people are answered, what is
// posted, and how it changes. A catalogue for those who render them.
import type { Card } from '../../src/commands/card.ts';
import { tokenOf } from '../../src/payouts/index.ts';
import { approve, current, later, press, request, savePayee, say } from '../payouts/acts.ts';
import { openOffice } from '../payouts/scene.ts';
import { accounts } from '../payouts/team.ts';

const hourMs = 3_600_000;

/** The cards that were seen, each once, in the order of their first appearance. */
export async function collectEveryCard(): Promise<Card[]> {
  const scene = await openOffice();
  const { payermax, alignet } = scene.outside;
  const { ana, ben, cy, eve } = accounts;
  const type = (line: string, by = ana) => say(scene, by, line);

  for (const line of looking) await type(line);
  await type('/payout payermax 1,250 USD maria');
  await type('/blance');
  await say(scene, { platform: 'slack', team: 'T01', user: 'U99' }, '/balance');
  payermax.switchFault({ name: 'http_500' });
  await type('/balance all');
  await type('/digest now');
  payermax.clearFaults();

  await type('/payee add');
  await press(scene, ana, 'payee.way:', { way: 'payermax/ph-bank' });
  await press(scene, ana, 'payee.form:payermax/ph-bank', { id: 'the maria', name: '' });
  await press(scene, ana, 'payee.form:payermax/ph-bank', {
    ...{ id: 'rosa', name: 'Rosa Reyes', target_org: 'SEC', account_no: '1234509876' },
  });
  await scene.settle();
  await savePayee(scene);
  await savePayee(scene, {}, 'alignet');
  await type('/payee change maria');
  await type('/payee show maria');
  await type('/payee list');

  await type('/payout');
  await press(scene, ana, 'payout.form:', { payee: 'maria', amount: '1,250', currency: 'USD' });
  const paid = await request(scene, { amount: '125.50' });
  await press(scene, ana, `payout.approve:${tokenOf(paid)}`);
  await approve(scene, paid);
  await later(scene, 60_000);
  await type('/payout list all');
  await type(`/payout show ${paid.id}`, ben);

  const again = await request(scene, { amount: '125.50' });
  const rejecting = `payout.reject:${tokenOf(await current(scene, again.id))}`;
  await press(scene, ben, rejecting);
  await press(scene, ben, rejecting, { reason: 'no' });
  await press(scene, ben, rejecting, { reason: 'The invoice is paid already' });

  const taken = await request(scene, { amount: '126.00' });
  await press(scene, ana, `payout.cancel:${taken.id}`);
  payermax.switchFault({ name: 'process_then_reset', path: '/paymentOrderPay', times: 1 });
  const doubtful = await request(scene, { amount: '127.00' });
  await approve(scene, doubtful);
  await later(scene, 120_000);

  alignet.switchFault({ name: 'process_then_reset', path: '/payouts', times: 1 });
  const unknown = await request(scene, {
    ...({ provider: 'alignet', amount: '150.00', currency: 'PEN', payee: 'diego' } as const),
  });
  await approve(scene, unknown);
  for (const by of [ben, cy]) {
    await press(scene, by, `payout.close.paid:${unknown.id}`);
    await press(scene, by, `payout.close.paid:${unknown.id}`, { reason: 'Line 12 of the portal' });
    await scene.settle();
  }
  for (const note of ['FAILED', 'BOUNCEBACK']) {
    const preview = await type(`/payout payermax ${note.length + 130}.00 USD maria ${note}`);
    const action = preview.card.buttons?.[0]?.action ?? '';
    await press(scene, ana, action);
    await scene.settle();
    await approve(scene, { id: action.replace('payout.post:', '') });
    await later(scene, 10_000);
    await later(scene, 120_000);
  }

  const waiting = await request(scene, { amount: '140.00' });
  await type('/purser freeze payermax the bank file looks odd', ben);
  await press(scene, cy, `payout.approve:${tokenOf(await current(scene, waiting.id))}`);
  await type('/purser unfreeze payermax', ben);
  await type('/purser unfreeze payermax', ana);
  await type('/purser unfreeze payermax', cy);
  for (const ms of [12 * hourMs, 9 * hourMs, 4 * hourMs]) await later(scene, ms);
  await press(scene, ana, 'digest.note:');
  await press(scene, ana, 'digest.note:', { scope: 'payermax USD', note: '10,000 on its way' });
  for (const line of [...looking, '/payout list stuck', '/payout list mine']) await type(line);
  await type('/balance payermax USD', eve);
  const seen = new Map(scene.posted.all.map((card) => [JSON.stringify(card), card]));
  return [...seen.values()];
}

const looking = [
  '/balance all',
  '/balance payermax USD',
  '/payout list',
  '/payee list',
  '/digest now',
  '/digest list',
  '/digest log',
  '/purser help',
  '/purser providers',
  '/purser policy',
  '/purser audit verify',
  '/purser audit export 2026-11',
];
