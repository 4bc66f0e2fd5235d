/**
 * Loaded before a process's own code (`node --import`): the machine's clock is wrong by `SKEW_MS`, for all that the
 * process can tell.
 */
const skewMs = Number(process.env['SKEW_MS']);
const RightDate = Date;

globalThis.Date = new Proxy(RightDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RightDate.now() + skewMs] : args, newTarget),
  get: (target, name, receiver) =>
    name === 'now' ? () => RightDate.now() + skewMs : Reflect.get(target, name, receiver),
});
Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + skewMs });
