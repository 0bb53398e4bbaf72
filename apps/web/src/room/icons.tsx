import { Icon } from '../components/icons.tsx';

/** Signs of a task, empty or filled. They say nothing by themselves. */
interface Filled {
  readonly filled: boolean;
}

export function Flag({ filled }: Filled) {
  return (
    <Icon size={18}>
      <path d="M5 17.500v-14" />
      <path d="M5 4h10l-2.500 3.500L15 11H5z" fill={filled ? 'currentColor' : 'none'} />
    </Icon>
  );
}

export function Note({ filled }: Filled) {
  return (
    <Icon size={18}>
      <path d="M4 4h12v8.500L12.500 16H4z" fill={filled ? 'currentColor' : 'none'} />
      {!filled && <path d="M7 8h6M7 11.500h3.500" />}
    </Icon>
  );
}
