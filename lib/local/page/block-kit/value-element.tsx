import type { RawValue } from '../../slack/input-state.ts';
import { Mrkdwn } from '../text/rich-text.tsx';
import { useWorkspaceContext } from '../workspace/surroundings.ts';
import type { ElementJson, OptionJson } from './block-json.ts';

type Props = {
  /** DOM id, which a label may point to. */
  readonly id: string;
  readonly element: ElementJson;
  readonly value: RawValue;
  readonly onChange: (value: RawValue) => void;
  readonly describedBy?: string | undefined;
  readonly isInvalid?: boolean;
};

const optionElements = (options: readonly OptionJson[]) =>
  options.map(({ value, text }) => (
    <option key={value} value={value}>
      {text.text}
    </option>
  ));

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
    value={typeof value === 'string' ? value : ''}
    aria-describedby={describedBy}
    aria-invalid={isInvalid}
    onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
  >
    <option value="">{element.placeholder || 'Choose…'}</option>
    {children}
  </select>
);

const Choices = ({ id, element, value, onChange, kind }: Props & { readonly kind: 'checkbox' | 'radio' }) => {
  const picked = typeof value === 'string' ? [value] : (value ?? []);
  const toggled = (option: string): RawValue =>
    kind === 'radio' ? option : picked.includes(option) ? picked.filter((one) => one !== option) : [...picked, option];
  return (
    <div id={id} className="ws-choices" role={kind === 'radio' ? 'radiogroup' : 'group'}>
      {element.options.map((option) => (
        <label key={option.value} className="ws-choice">
          <input
            type={kind}
            name={id}
            value={option.value}
            checked={picked.includes(option.value)}
            onChange={() => onChange(toggled(option.value))}
          />
          <span>
            {option.text.type === 'mrkdwn' ? <Mrkdwn text={option.text.text} /> : option.text.text}
            {option.description && <small>{option.description.text}</small>}
          </span>
        </label>
      ))}
    </div>
  );
};

/** An element that holds a value. */
export const ValueElement = (props: Props) => {
  const { id, element, value, onChange, describedBy, isInvalid } = props;
  const { users } = useWorkspaceContext();
  switch (element.type) {
    case 'static_select':
      return (
        <Select {...props}>
          {optionElements(element.options)}
          {element.optionGroups.map(({ label, options }) => (
            <optgroup key={label} label={label}>
              {optionElements(options)}
            </optgroup>
          ))}
        </Select>
      );
    case 'users_select':
      return (
        <Select {...props}>
          {users.map((user) => (
            <option key={user.id} value={user.id}>{`${user.realName} (@${user.name})`}</option>
          ))}
        </Select>
      );
    case 'checkboxes':
      return <Choices {...props} kind="checkbox" />;
    case 'radio_buttons':
      return <Choices {...props} kind="radio" />;
    default: {
      const shared = {
        id,
        className: 'ws-field',
        value: typeof value === 'string' ? value : '',
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
        <input
          type="text"
          inputMode={element.type === 'number_input' ? 'decimal' : 'text'}
          autoComplete="off"
          spellCheck={false}
          {...shared}
        />
      );
    }
  }
};
