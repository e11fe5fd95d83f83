import type { EventReader } from './event.ts';

/** GitHub tries the address of a new App. The answer is that the signature was right. */
export const ping: EventReader = () => ({ ignored: 'ping' });
