// Every command and every action of a button, one line each, in the order of the help.
import { auditExportCommand, auditVerifyCommand } from './audit.ts';
import { balanceCommand } from './balance.ts';
import {
  alertMuteAction,
  digestListCommand,
  digestLogCommand,
  digestNowCommand,
  digestPostAction,
  topUpNoteAction,
} from './digest.ts';
import { freezeCommand, unfreezeCommand } from './freeze.ts';
import { helpCommand } from './help.ts';
import {
  payeeApproveAction,
  payeeListCommand,
  payeeRefuseAction,
  payeeRemoveCommand,
  payeeShowCommand,
} from './payee.ts';
import {
  payeeAddCommand,
  payeeChangeCommand,
  payeeFormAction,
  payeeWayAction,
} from './payee-form.ts';
import { payoutCommand, payoutDropAction, payoutFormAction, payoutPostAction } from './payout.ts';
import { approveAction, cancelAction, closeActions, rejectAction } from './payout-decide.ts';
import { payoutCancelCommand, payoutListCommand, payoutShowCommand } from './payout-list.ts';
import { policyCommand } from './policy.ts';
import { providersCommand } from './providers.ts';
import type { Action, Command } from './types.ts';

export const commands: readonly Command[] = [
  balanceCommand,
  payoutCommand,
  payoutListCommand,
  payoutShowCommand,
  payoutCancelCommand,
  payeeAddCommand,
  payeeChangeCommand,
  payeeListCommand,
  payeeShowCommand,
  payeeRemoveCommand,
  digestNowCommand,
  digestListCommand,
  digestLogCommand,
  providersCommand,
  policyCommand,
  freezeCommand,
  unfreezeCommand,
  auditVerifyCommand,
  auditExportCommand,
  helpCommand,
];

export const actions: readonly Action[] = [
  payoutFormAction,
  payoutPostAction,
  payoutDropAction,
  approveAction,
  rejectAction,
  cancelAction,
  ...closeActions,
  payeeWayAction,
  payeeFormAction,
  payeeApproveAction,
  payeeRefuseAction,
  digestPostAction,
  topUpNoteAction,
  alertMuteAction,
];
