import type { RawValue } from '../../slack/input-state.ts';
import { useWorkspaceContext } from '../workspace/surroundings.ts';
import type { ElementJson } from './block-json.ts';
import { FileField } from './file-field.tsx';

type Props = {
  /** DOM id, which a label may point to. */
  readonly id: string;
  readonly element: ElementJson;
  readonly value: RawValue;
  readonly onChange: (value: RawValue) => void;
  readonly describedBy?: string | undefined;
  readonly isInvalid?: boolean;
};

const Select = ({
  id,
  element,
  value,
  onChange,
  describedBy,
  isInvalid,
  children,
}: Props & { readonly children: React.ReactNode }) => (
  <select
    id={id}
    className="ws-field"
    value={value ?? ''}
    aria-describedby={describedBy}
    aria-invalid={isInvalid}
    onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
  >
    <option value="">{element.placeholder || 'Choose…'}</option>
    {children}
  </select>
);

/** An element that holds a value. */
export const ValueElement = (props: Props) => {
  const { id, element, value, onChange, describedBy, isInvalid } = props;
  const { users } = useWorkspaceContext();
  switch (element.type) {
    case 'static_select':
      return (
        <Select {...props}>
          {element.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      );
    case 'file_input':
      return <FileField {...{ id, value, onChange, describedBy, isInvalid }} />;
    case 'users_select':
      return (
        <Select {...props}>
          {users.map((user) => (
            <option key={user.id} value={user.id}>{`${user.realName} (@${user.name})`}</option>
          ))}
        </Select>
      );
    default: {
      const shared = {
        id,
        className: 'ws-field',
        value: value ?? '',
        placeholder: element.placeholder,
        maxLength: element.maximumLength,
        'aria-describedby': describedBy,
        'aria-invalid': isInvalid,
        'data-focus-on-load': element.focusOnLoad || undefined,
        onChange: (event: { readonly target: { readonly value: string } }) => onChange(event.target.value),
      };
      return element.isMultiline ? (
        <textarea rows={3} {...shared} />
      ) : (
        <input type="text" autoComplete="off" spellCheck={false} {...shared} />
      );
    }
  }
};
