/**
 * Colours of the series, chosen from the palette of Okabe and Ito ("Color Universal Design", 2008), which readers with
 * a colour vision deficiency can tell apart; darkened or lightened until each has a contrast of 3:1 with the page
 * (WCAG 2.2, 1.4.11). Text has 4.5:1.
 */
export const colours = {
  light: {
    background: '#ffffff',
    surface: '#f4f5f7',
    text: '#1c1e21',
    muted: '#54595f',
    line: '#d5d8dc',
    link: '#0060a0',
    series: ['#0072b2', '#d55e00', '#008060', '#b0508a', '#8a6d00', '#1f86c0', '#444444'],
  },
  dark: {
    background: '#15171a',
    surface: '#1f2226',
    text: '#e8eaed',
    muted: '#a9b0b8',
    line: '#3a3f45',
    link: '#8ac4f0',
    series: ['#56b4e9', '#f08a3c', '#2fc79f', '#e39bc7', '#f0e442', '#7f9fff', '#c4c4c4'],
  },
} as const;

type Theme = (typeof colours)['light'] | (typeof colours)['dark'];

function variables({ background, surface, text, muted, line, link, series }: Theme): string {
  return [
    `--background:${background}`,
    `--surface:${surface}`,
    `--text:${text}`,
    `--muted:${muted}`,
    `--line:${line}`,
    `--link:${link}`,
    ...series.map((colour, index) => `--series-${index + 1}:${colour}`),
  ].join(';');
}

/** The page's style sheet. It refers to nothing outside itself. */
export const style = `
:root{color-scheme:light dark;${variables(colours.light)}}
@media (prefers-color-scheme:dark){:root{${variables(colours.dark)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--background);color:var(--text);
 font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
main,header,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
footer{padding-bottom:3rem;color:var(--muted);font-size:.875rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem;text-wrap:balance}
h2{font-size:1.35rem;line-height:1.25;margin:3rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.75rem 0 .25rem}
p,ul{max-width:46rem}
p,ul,pre{margin:.5rem 0}
ul{padding-left:1.25rem}
li{margin:.35rem 0}
a{color:var(--link)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:.75rem 0 0;max-width:none}
nav li{margin:0}
nav a{display:inline-block;padding:.25rem 0}
.lead{font-size:1.1rem}
.muted{color:var(--muted)}
.notice{border-left:4px solid var(--series-2);background:var(--surface);padding:.5rem .75rem;max-width:46rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));gap:1.5rem 2rem;align-items:start}
figure{margin:1rem 0 0;min-width:0;max-width:38rem}
figure svg.plot{display:block;width:100%;height:auto;color:var(--text);background:var(--background)}
figure svg.plot text{white-space:pre}
figcaption{color:var(--muted);font-size:.875rem;line-height:1.45;margin-top:.25rem}
.figure-title{font-weight:600;margin:0}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;list-style:none;padding:0;margin:.25rem 0;font-size:.875rem}
.legend li{display:flex;align-items:center;gap:.35rem;margin:0;min-width:0;overflow-wrap:anywhere}
.legend svg{flex:none;width:28px;height:14px}
.masks{margin-top:1.5rem}
.heatmaps{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(46%,10rem),1fr));gap:1rem 1.25rem;max-width:64rem}
.heatmaps.wide{grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}
.heatmaps figure{margin:0}
svg.heatmap{display:block;width:100%;height:auto;fill:none;stroke:var(--series-1);border:1px solid var(--line);shape-rendering:crispEdges}
.scale{display:flex;align-items:center;gap:.35rem;color:var(--text)}
.scale svg.heatmap{width:5rem}
.scroll{overflow-x:auto;margin:.5rem 0;border:1px solid var(--line);border-radius:.375rem}
.scroll:focus-visible,a:focus-visible,summary:focus-visible,pre:focus-visible{outline:3px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{caption-side:top;text-align:left;padding:.5rem .6rem;color:var(--muted)}
caption span{display:block;position:sticky;left:.6rem;width:min(46rem,100vw - 3.5rem)}
th,td{padding:.35rem .6rem;text-align:right;white-space:nowrap;border-top:1px solid var(--line)}
thead th{background:var(--surface);vertical-align:bottom;font-weight:600}
thead th span{display:block;font-weight:400;color:var(--muted)}
th:first-child{text-align:left;position:sticky;left:0;background:var(--background)}
thead th:first-child{background:var(--surface)}
th.text,td.text{text-align:left}
table.facts th{width:1%;vertical-align:top}
table.facts td{text-align:left;white-space:normal;overflow-wrap:anywhere}
tbody th{font-weight:600}
td span{display:block;color:var(--muted)}
td.text span{white-space:normal;min-width:13rem;max-width:20rem}
tbody th span{display:block;width:max-content;max-width:min(16rem,45vw);white-space:normal;overflow-wrap:anywhere}
tbody th.sentence span{width:min(18rem,42vw);max-width:none;font-weight:400}
pre{background:var(--surface);border:1px solid var(--line);border-radius:.375rem;padding:.75rem;overflow-x:auto;
 font:.85rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;-webkit-user-select:text;user-select:text}
pre.command{user-select:all;-webkit-user-select:all;white-space:pre-wrap;overflow-wrap:anywhere}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em;overflow-wrap:anywhere}
summary{cursor:pointer;padding:.25rem 0}
@media (min-width:48rem){figure svg.plot{font-size:12px}main,header,footer{padding-left:2rem;padding-right:2rem}h1{font-size:2.1rem}}
@media print{nav{display:none}.scroll{overflow:visible}figure,tr{break-inside:avoid}}
`;
