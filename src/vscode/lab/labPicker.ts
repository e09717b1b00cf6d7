import * as vscode from 'vscode';
import {
  describeSize,
  stillOffered,
  tagOf,
  toChoice,
  type LabChoice,
  type LabMenu,
} from '../../domain/lab/labMenu';
import type { Site } from '../../domain/sites/site';
import { pick, type Answer } from '../quickInput';

type Image = LabMenu['images'][number];
type Size = LabMenu['sizes'][number];

interface ImageItem extends vscode.QuickPickItem {
  readonly image?: Image;
  /** The lab of last time, ready to start. */
  readonly usual?: LabChoice;
}

interface SizeItem extends vscode.QuickPickItem {
  readonly size?: Size;
  readonly option?: 'isDebug' | 'resetsEnvironment';
}

export interface PickerHints {
  /** What this account chose last time. */
  readonly last?: LabChoice | undefined;
  /** The image to start from, when it was chosen elsewhere already. */
  readonly imageReference?: string | undefined;
  readonly resetsEnvironment?: boolean | undefined;
}

/** Asks for image and size with the editor's own pickers; undefined when the person left. */
export async function pickLab(menu: LabMenu, site: Site, hints: PickerHints): Promise<LabChoice | undefined> {
  const given = menu.images.find((image) => image.reference === hints.imageReference);
  for (let image = given; ;) {
    if (!image) {
      const answer = await pickImage(menu, site, hints);
      if (answer.kind !== 'chosen') return undefined;
      if (answer.value.usual) return answer.value.usual;
      image = answer.value.image;
    }
    if (!image) return undefined;
    const answer = await pickSize(menu, site, image, hints, image !== given);
    if (answer.kind === 'chosen') return answer.value;
    if (answer.kind === 'left') return undefined;
    image = undefined;
  }
}

function pickImage(menu: LabMenu, site: Site, hints: PickerHints): Promise<Answer<ImageItem>> {
  const usual = stillOffered(hints.last, menu);
  const toItem = (image: Image, index: number): ImageItem => ({
    label: `${index === 0 ? '$(star-full) ' : ''}${image.name}`,
    description: tagOf(image.reference),
    image,
  });
  const separator = (label: string): ImageItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const fast = menu.images.filter((image) => image.isPrepulled);
  const slow = menu.images.filter((image) => !image.isPrepulled);
  const items: ImageItem[] = [
    ...(usual && hints.resetsEnvironment !== true
      ? [
          separator('As last time'),
          {
            label: `$(history) ${usual.imageName}, ${usual.sizeName}`,
            description: 'start right away',
            usual,
          },
        ]
      : []),
    ...(fast.length > 0 ? [separator('Start fast'), ...fast.map(toItem)] : []),
    ...(slow.length > 0
      ? [separator('Start slowly: a node has to fetch them first'), ...slow.map((image) => toItem(image, -1))]
      : []),
  ];
  return pick<ImageItem>({
    title: `Start a Lab on ${site.name}`,
    placeholder: 'Choose an image',
    step: 1,
    totalSteps: 2,
    items,
    active: items.find((item) => item.usual ?? item.image),
  });
}

async function pickSize(
  menu: LabMenu,
  site: Site,
  image: Image,
  hints: PickerHints,
  canGoBack: boolean,
): Promise<Answer<LabChoice>> {
  let options = {
    isDebug: hints.last?.isDebug ?? false,
    resetsEnvironment: hints.resetsEnvironment ?? false,
  };
  const wanted = hints.last?.size ?? menu.defaultSize;
  const toItems = (): SizeItem[] => [
    ...menu.sizes.map((size) => ({
      label: size.name,
      description: [describeSize(size), size.value === menu.defaultSize ? 'default' : '']
        .filter(Boolean)
        .join(' · '),
      size,
    })),
    ...(menu.hasDebugOption || menu.hasResetOption
      ? [{ label: 'Options', kind: vscode.QuickPickItemKind.Separator }]
      : []),
    ...(menu.hasDebugOption ? [toggle('isDebug', 'Debug logs', 'the lab logs more', options.isDebug)] : []),
    ...(menu.hasResetOption
      ? [
          toggle(
            'resetsEnvironment',
            'Reset user environment',
            'moves .local, .cache, .conda, .jupyter and the like aside',
            options.resetsEnvironment,
          ),
        ]
      : []),
  ];
  const items = toItems();
  const answer = await pick<SizeItem>({
    title: `Start a Lab on ${site.name}: ${image.name}`,
    placeholder: 'Choose a size to start; options can be switched first',
    step: 2,
    totalSteps: 2,
    canGoBack,
    items,
    active: items.find((item) => item.size?.value === wanted),
    stay: ({ option }) => {
      if (!option) return undefined;
      options = { ...options, [option]: !options[option] };
      return toItems();
    },
  });
  if (answer.kind !== 'chosen') return answer;
  const { size } = answer.value;
  return size ? { kind: 'chosen', value: { ...toChoice(image, size), ...options } } : { kind: 'left' };
}

function toggle(
  option: NonNullable<SizeItem['option']>,
  label: string,
  detail: string,
  isOn: boolean,
): SizeItem {
  return {
    label: `$(${isOn ? 'check' : 'circle-large-outline'}) ${label}: ${isOn ? 'on' : 'off'}`,
    description: detail,
    option,
  };
}
