import { useQuery } from '@tanstack/react-query';
import { Link, useLocation, useSearchParams } from 'react-router';
import { labsQuery } from '../api/queries.ts';
import { loginPath } from '../auth/redirect.ts';
import { useStanding } from '../auth/use-standing.ts';
import { Search } from '../components/icons.tsx';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { Page, PageHead } from '../components/page.tsx';
import { sharedTexts } from '../components/texts.ts';
import { useTexts } from '../i18n/texts.ts';
import { LabCard } from './lab-card.tsx';
import { labsTexts } from './labs-texts.ts';
import './labs.css';

/** The catalogue. Its filters are in the address, so that they can be sent and gone back to. */
export function Labs() {
  const texts = useTexts(labsTexts);
  const [search, setSearch] = useSearchParams();
  const { data: labs, error, refetch } = useQuery(labsQuery);
  if (error !== null && labs === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (labs === undefined) return <LoadingPage />;
  const wanted = { category: search.get('category'), type: search.get('type'), level: search.get('level') };
  const found = labs.filter(
    (lab) =>
      (wanted.category ?? lab.category) === lab.category &&
      (wanted.type ?? lab.type) === lab.type &&
      (wanted.level ?? lab.difficulty) === lab.difficulty,
  );
  const choose = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true, preventScrollReset: true });
  };
  const filter = (name: keyof typeof wanted, label: string, names: Readonly<Record<string, string>>) => (
    <Filter label={label} names={names} value={wanted[name] ?? ''} onChoose={(value) => choose(name, value)} />
  );
  return (
    <Page title={texts.title}>
      <PageHead title={texts.title}>{texts.text}</PageHead>
      {labs.length > 0 && (
        <div className="filters">
          {filter('category', texts.category, texts.categories)}
          {filter('type', texts.type, texts.types)}
          {filter('level', texts.level, texts.levels)}
          <p className="muted" role="status">
            {texts.count(found.length)}
          </p>
        </div>
      )}
      <ul className="lab-grid">
        {found.map((lab) => (
          <LabCard key={lab.id} lab={lab} level="h2" />
        ))}
      </ul>
      {found.length === 0 && <NoLab any={labs.length > 0} onClear={() => setSearch({}, { replace: true })} />}
      <VisitorHint />
    </Page>
  );
}

function Filter(props: {
  readonly label: string;
  readonly names: Readonly<Record<string, string>>;
  readonly value: string;
  readonly onChoose: (value: string) => void;
}) {
  const texts = useTexts(labsTexts);
  return (
    <label className="filter">
      <span>{props.label}</span>
      <select value={props.value} onChange={({ target }) => props.onChoose(target.value)}>
        <option value="">{texts.any}</option>
        {Object.entries(props.names).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function NoLab({ any, onClear }: { readonly any: boolean; readonly onClear: () => void }) {
  const texts = useTexts(labsTexts);
  return (
    <div className="empty">
      <Search size={40} />
      <h2>{any ? texts.none : texts.empty}</h2>
      <p>{any ? texts.noneText : texts.emptyText}</p>
      {any && (
        <button type="button" className="button" onClick={onClear}>
          {texts.clear}
        </button>
      )}
    </div>
  );
}

function VisitorHint() {
  const texts = useTexts(labsTexts);
  const shared = useTexts(sharedTexts);
  const location = useLocation();
  if (useStanding().kind !== 'visitor') return null;
  return (
    <p className="below">
      {texts.visitor} <Link to={loginPath(location)}>{shared.signIn}</Link>
    </p>
  );
}
