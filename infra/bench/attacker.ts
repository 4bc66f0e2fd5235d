import { type Attacker, attacks } from './attacks.js';

/**
 * `node attacker.js NAME MILLISECONDS ATTACKERS`, these as JSON: all of them go at it for that long, each as
 * fast as it is answered. Prints how often each answer came. A process of its own, so that its work does not delay who
 * measures.
 */
const [name, milliseconds, given = '[]'] = process.argv.slice(2);
const attack = Object.entries(attacks).find(([each]) => each === name)?.[1];
if (!attack) throw new Error(`There is no attack ${name}.`);
const attackers: readonly Attacker[] = JSON.parse(given);
const until = performance.now() + Number(milliseconds);
const answers: Record<string, number> = {};

async function goAtIt(attacker: Attacker): Promise<void> {
  for (let count = 0; performance.now() < until; count += 1) {
    const answer = await attack?.(attacker, count).catch(() => 'failed');
    answers[answer ?? 'none'] = (answers[answer ?? 'none'] ?? 0) + 1;
  }
}

await Promise.all(attackers.map(goAtIt));
console.log(JSON.stringify(answers));
process.exit(0);
