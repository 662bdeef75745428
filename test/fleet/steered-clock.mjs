// Loaded before the real program (`node --import`): the clock of its machine as the test sets it. All
// that asks for the time is told, the libraries too; what waits, waits in real time, as in Linux.
const RealDate = Date;
let aheadMs = Number(new URL(import.meta.url).searchParams.get('aheadMs') ?? 0);
const now = () => RealDate.now() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
  apply: (target) => new target(now()).toString(),
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});

process.on('message', (message) => {
  aheadMs = message.aheadMs;
  process.send?.({ aheadMs });
});
// The program ends when its own work does.
process.channel?.unref();
