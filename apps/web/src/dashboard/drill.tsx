import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Shape } from '../api/client.ts';
import { labsQuery, statsQuery } from '../api/queries.ts';
import { useExplain } from '../components/explain.ts';
import { formValues } from '../components/form-values.ts';
import { Notice } from '../components/notice.tsx';
import { Submit } from '../components/submit.tsx';
import { useTexts } from '../i18n/texts.ts';
import { PassQuestion } from '../pages/pass-question.tsx';
import { passWaits, useStart, type Wish } from '../pages/use-start.ts';
import { dashboardTexts } from './texts.ts';

const COUNTS = [1, 2, 3, 5, 8, 12];
const USUAL_COUNT = 3;
const WEAKEST = '';

/** A few tasks of one lab, with help: of those domains in which one is weakest, or of one that is chosen. */
export function DrillCard() {
  const texts = useTexts(dashboardTexts).drill;
  const { data: labs } = useQuery(labsQuery);
  const { data: stats } = useQuery(statsQuery);
  if (labs === undefined || labs.length === 0 || stats === undefined) return null;
  const known = new Set(stats.categories.map(({ category }) => category));
  return (
    <section className="card stack" aria-labelledby="drill">
      <h2 id="drill">{texts.title}</h2>
      <p className="muted small">{texts.text}</p>
      <Drill labs={labs} known={known} />
    </section>
  );
}

type Lab = Shape<'LabSummary'>;

function Drill({ labs, known }: { readonly labs: readonly Lab[]; readonly known: ReadonlySet<Lab['category']> }) {
  const texts = useTexts(dashboardTexts).drill;
  const explain = useExplain();
  const start = useStart();
  // Where something is known of a candidate, there the weakest can be drawn.
  const [labId, setLabId] = useState(
    () => (labs.find(({ category }) => known.has(category)) ?? labs.find(({ type }) => type === 'mock') ?? labs[0])?.id ?? '',
  );
  const lab = labs.find(({ id }) => id === labId);
  const counts = COUNTS.filter((count) => count <= (lab?.questionCount ?? 1));
  const begin = (value: (name: string) => string): Wish => {
    const [domain, questions] = [value('from'), Number(value('count'))];
    return { labId, mode: 'practice', drill: domain === WEAKEST ? { weakest: true, questions } : { domains: [domain], questions } };
  };
  return (
    <form className="stack" onSubmit={(event) => start.mutate(begin(formValues(event)))}>
      <Select label={texts.lab} name="lab" value={labId} onChoose={setLabId} options={labs.map(({ id, title }) => [id, title])} />
      <Select
        key={labId}
        label={texts.from}
        name="from"
        options={[
          ...(lab !== undefined && known.has(lab.category) ? [[WEAKEST, texts.weakest] as const] : []),
          ...(lab?.domains ?? []).map(({ domain, questions }) => [domain, texts.domain(domain, questions)] as const),
        ]}
      />
      <Select
        key={`${labId} count`}
        label={texts.count}
        name="count"
        first={String(counts.includes(USUAL_COUNT) ? USUAL_COUNT : counts.at(-1))}
        options={counts.map((count) => [String(count), String(count)])}
      />
      {passWaits(start.error) ? (
        <PassQuestion
          busy={start.isPending}
          onYes={() => start.mutate({ ...start.variables, labId, activatePass: true })}
          onNo={start.reset}
        />
      ) : (
        start.error !== null && (
          <Notice kind="bad" title={texts.refused}>
            <p>{explain(start.error)}</p>
          </Notice>
        )
      )}
      <Submit label={texts.start} busyLabel={texts.starting} busy={start.isPending} wide={false} />
    </form>
  );
}

function Select(props: {
  readonly label: string;
  readonly name: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly value?: string;
  readonly first?: string;
  readonly onChoose?: (value: string) => void;
}) {
  const id = useId();
  const { label, name, options, value, first, onChoose } = props;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name} value={value} defaultValue={first} onChange={onChoose && (({ target }) => onChoose(target.value))}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
