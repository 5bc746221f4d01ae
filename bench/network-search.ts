// How fast searchNetworks answers at 100,000 networks: p50 and p95 per kind of search, page, total and facets together.
// `node bench/run.mjs network-search [networks] [searches per kind]`; makes and removes a PostgreSQL of its own.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKysely, createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { EmbeddedPostgres } from '#node/platform/postgres/embedded-postgres.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { networksMigrations } from '#resolvers/networks/migrations.ts';
import { NetworkSearch, type SearchRequest } from '#resolvers/networks/search.ts';
import { putNetworks } from '#resolvers/networks/search-index.ts';
import type { NetworksTables } from '#resolvers/networks/tables.ts';

const networks = Number(process.argv[3] ?? 100_000);
const searches = Number(process.argv[4] ?? 200);

/** Repeatable pseudo-random numbers (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = generator(7);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
/** Zipf-like: the first words are in many names, the last in few. */
const pickSkewed = <T>(list: readonly T[]): T => list[Math.floor(list.length * random() ** 3)] as T;

const syllables =
  'ba ke ri so lar no vi ta lo gis tik ag ro me di ca tex ti le fo od en er gy ma ri ne par ts'.split(' ');
const vocabulary = Array.from({ length: 5_000 }, () =>
  Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(syllables)).join(''),
);
const kinds = ['Collective', 'Guild', 'Union', 'Network', 'Alliance', 'Partners', 'Exchange', 'Works'];
const tags = Array.from({ length: 60 }, (_, n) => `tag-${vocabulary[n]}`);
const name = () => `${pickSkewed(vocabulary)} ${pickSkewed(vocabulary)} ${pick(kinds)}`;

/** Milliseconds of CPU that the server's processes and this one have used so far; on a shared machine the figure to plan with. */
function cpuMs(server: number | undefined): number {
  const own = process.cpuUsage();
  let ms = (own.user + own.system) / 1_000;
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      let fields: string[];
      try {
        fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ');
      } catch {
        continue; // It has just ended.
      }
      // State, parent, …; user and system time are the 12th and 13th, in hundredths of a second.
      // Connections that were closed meanwhile are counted with their parent.
      if (Number(pid) === server) ms += (Number(fields[13]) + Number(fields[14])) * 10;
      if (Number(fields[1]) === server) ms += (Number(fields[11]) + Number(fields[12])) * 10;
    }
  } catch {
    return Number.NaN; // Not Linux.
  }
  return ms;
}

const dataDir = mkdtempSync(join(tmpdir(), 'aios-bench-'));
const postgres = new EmbeddedPostgres({ dataDir, durable: false, sharedBuffersMb: 128 });
await postgres.start();
const pool = createPool({ url: postgres.url, name: 'bench' });
try {
  await prepareDatabase(pool);
  await migrate(pool, 'networks', networksMigrations);
  const db = createKysely<NetworksTables>(pool);
  await pool.query(`insert into networks.projections values ('Qm', 0, true)`);
  const names = Array.from({ length: networks }, name);
  const started = performance.now();
  for (let at = 0; at < networks; at += 1_000) {
    const batch = names
      .slice(at, at + 1_000)
      .map((text, n) => ({ id: String(at + n + 1), name: text, isPublic: random() < 0.9 }));
    await pool.query(
      `insert into networks.profiles (network, tags, description, updated_at, updated_by)
       select id, array(select distinct unnest(tags::text[])), description, now(), 'did:bench'
         from unnest($1::text[], $2::text[], $3::text[]) item (id, tags, description)`,
      [
        batch.map(({ id }) => id),
        batch.map(() => `{${Array.from({ length: 4 }, () => pickSkewed(tags)).join(',')}}`),
        batch.map(() => Array.from({ length: 25 }, () => pickSkewed(vocabulary)).join(' ')),
      ],
    );
    await db.transaction().execute((transaction) => putNetworks(transaction, 'Qm', batch));
  }
  await pool.query('vacuum analyze');
  const seconds = (performance.now() - started) / 1_000;
  console.log(
    `${networks} networks indexed in ${seconds.toFixed(1)} s (${Math.round(networks / seconds)}/s)`,
  );

  const typo = (text: string) => {
    const at = 1 + Math.floor(random() * (text.length - 2));
    return text.slice(0, at) + text.slice(at + 1);
  };
  const floor: number[] = [];
  for (let n = 0; n < searches; n++) {
    const before = performance.now();
    await pool.query({ name: 'floor', text: 'select 1' });
    floor.push(performance.now() - before);
  }
  const cases: Readonly<Record<string, () => SearchRequest>> = {
    'no words (directory page)': () => ({}),
    'one tag': () => ({ tags: [pickSkewed(tags)] }),
    'two tags': () => ({ tags: [pickSkewed(tags), pickSkewed(tags)] }),
    'full name': () => ({ query: pick(names) }),
    'two words of a name': () => ({ query: pick(names).split(' ').slice(0, 2).join(' ') }),
    'two misspelt words': () => ({ query: pick(names).split(' ').slice(0, 2).map(typo).join(' ') }),
    'one word': () => ({ query: pickSkewed(vocabulary) }),
    'three letters typed': () => ({ query: pick(names).slice(0, 3).toLowerCase() }),
    'the commonest word': () => ({ query: 'guild' }),
    'word and tag': () => ({ query: pickSkewed(vocabulary), tags: [pickSkewed(tags)] }),
  };
  const search = new NetworkSearch(pool);
  console.log(
    `${cpus().length} cores, load average ${loadavg()[0]?.toFixed(1)}: times are of the wall clock`,
  );
  const all: number[] = [];
  const report = (label: string, times: number[], matches: number, cpu: number) => {
    const sorted = [...times].sort((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1).padStart(7);
    console.log(
      `${label.padEnd(28)} p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  CPU ${(cpu / times.length).toFixed(1).padStart(6)} ms  mean matches ${Math.round(matches / times.length)}`,
    );
  };
  report('(floor: select 1)', floor, 0, Number.NaN);
  let allCpu = 0;
  for (const [label, request] of Object.entries(cases)) {
    const times: number[] = [];
    let matches = 0;
    let cpuBefore = 0;
    for (let n = -5; n < searches; n++) {
      if (n === 0) cpuBefore = cpuMs(postgres.pid);
      const wanted = request();
      const before = performance.now();
      const page = await search.search(wanted);
      if (n < 0) continue;
      times.push(performance.now() - before);
      matches += page.totalCount;
    }
    const cpu = cpuMs(postgres.pid) - cpuBefore;
    allCpu += cpu;
    all.push(...times);
    report(label, times, matches, cpu);
  }
  report('all', all, 0, allCpu);
} finally {
  await pool.end();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
