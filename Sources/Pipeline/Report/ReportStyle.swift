/// How a report looks: on a phone and a desktop, in light and in dark, and on paper.
enum ReportStyle {
  static let css = """
    :root{color-scheme:light dark;--page:#f7f7f4;--card:#fff;--ink:#1b1f24;--soft:#545d68;--line:#d9dce0;--track:#eceef0;\
    --more:#b4540a;--less:#1f5fbf;--bad:#b42318;--warn:#8a5a00;--good:#1a7031;--total:#5a6472;--band:#dfe8df}
    @media (prefers-color-scheme:dark){:root{--page:#101317;--card:#181c21;--ink:#e7eaee;--soft:#a3adb8;--line:#2f363e;\
    --track:#252b32;--more:#f0a35e;--less:#7fb2ff;--bad:#ff8f85;--warn:#e5b95c;--good:#72d08e;--total:#8c97a4;--band:#26352a}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
    "Noto Sans",sans-serif;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
    header,main,footer,nav{max-width:68rem;margin:0 auto;padding:0 1rem}
    header{padding-top:2rem}
    h1{font-size:1.65rem;line-height:1.25;font-weight:600;margin:.4rem 0 .6rem;text-wrap:pretty;max-width:48rem}
    h2{font-size:1.15rem;font-weight:600;margin:0 0 .4rem;line-height:1.3}
    p{margin:.3rem 0 .8rem;max-width:46rem}
    .of{color:var(--soft);margin:0}
    .note,figcaption,caption{color:var(--soft);font-size:.875rem}
    .none{color:var(--soft)}
    a{color:var(--less)}
    a:focus-visible,summary:focus-visible{outline:2px solid var(--less);outline-offset:2px}
    .state{display:inline-block;font-weight:600;border:1.5px solid;border-radius:1rem;padding:.05rem .7rem;font-size:.9rem}
    .bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}
    dl.four{display:grid;grid-template-columns:repeat(4,1fr);gap:.75rem;margin:1.25rem 0}
    dl.four div{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem}
    dl.four dt{color:var(--soft);font-size:.875rem}
    dl.four dd{margin:0;font-size:1.6rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums}
    dl.four dd.small{font-size:.875rem;font-weight:400;color:var(--soft)}
    nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:0 0 1rem;padding:0;font-size:.9rem}
    nav a{display:inline-block;padding:.2rem 0}
    section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.2rem;margin:0 0 1rem}
    figure{margin:.6rem 0 .8rem}
    svg{display:block;overflow:visible;font-size:13px}
    svg text{fill:var(--ink);stroke:var(--card);stroke-width:4px;paint-order:stroke;unicode-bidi:isolate;font-variant-numeric:tabular-nums}
    svg .soft{fill:var(--soft)}
    svg .sign{font-size:8px}svg .strong{font-weight:600}
    rect.more{fill:var(--more)}rect.less{fill:var(--less)}rect.total{fill:var(--total)}rect.track{fill:var(--track)}
    rect.band{fill:var(--band)}rect.count{fill:var(--less)}
    rect.gap{fill:none;stroke:var(--bad);stroke-dasharray:3 3}
    svg text.gap{fill:var(--bad);font-weight:600}
    rect.s0{fill:var(--track)}rect.s1{fill:var(--less);fill-opacity:.3}rect.s2{fill:var(--less);fill-opacity:.5}\
    rect.s3{fill:var(--less);fill-opacity:.75}rect.s4{fill:var(--less)}
    line{stroke:var(--soft);stroke-width:1}line.thin{stroke:var(--line)}
    table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums;margin:.4rem 0}
    caption{text-align:left;padding:0 0 .3rem}
    th,td{text-align:left;vertical-align:top;padding:.4rem .5rem;border-bottom:1px solid var(--line);font-weight:400}
    th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
    thead th{color:var(--soft);font-size:.8125rem;border-bottom-color:var(--soft);vertical-align:bottom}
    tfoot th,tfoot td{font-weight:600;border-bottom:0}
    .n{text-align:right;overflow-wrap:normal}td.n{white-space:nowrap}
    data.long{white-space:normal}
    code,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8125rem}
    small{font-size:.8125rem;color:var(--soft);display:block}
    dl.codes{margin:.3rem 0;font-size:.875rem}dl.codes dt{font-weight:600;break-after:avoid}dl.codes dd{margin:0 0 .5rem}
    details{margin:.4rem 0}summary{cursor:pointer;color:var(--less);font-size:.9rem;padding:.25rem 0}
    .sum{font-size:1rem;font-variant-numeric:tabular-nums}
    footer{padding-bottom:2rem}
    .first{width:28%}.mid{width:24%}.one{white-space:nowrap}
    @media (max-width:40rem){body{font-size:15px}header{padding-top:1.2rem}h1{font-size:1.3rem}
    dl.four{grid-template-columns:1fr 1fr}dl.four dd{font-size:1.3rem}section{padding:.9rem .8rem}
    th:first-child{min-width:5.5rem}table{font-size:.8125rem}th,td{padding:.35rem .3rem}.id,code{font-size:.75rem}\
    table.five{font-size:.75rem}.five th:first-child{min-width:0}.five th,.five td{padding:.35rem .2rem}}
    @media (min-width:60rem){.pair{display:grid;grid-template-columns:1fr 1fr;gap:2rem;align-items:start}}
    @page{size:A4;margin:14mm}
    @media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--track:#e6e6e6;\
    --more:#a34700;--less:#174ea6;--bad:#a11d14;--warn:#6f4800;--good:#135c27;--total:#555;--band:#dfe8df}
    body{font-size:10pt}table{font-size:8.5pt}th,td{padding:.22rem .4rem}small,.id,code{font-size:8pt}\
    header,main,footer{max-width:none;padding:0}header{padding-top:0}nav{display:none}
    section{border:0;border-top:1px solid var(--line);border-radius:0;padding:.8rem 0 0}
    h2,caption,summary,section>p{break-after:avoid}p,tr,figure,dl.four div{break-inside:avoid}thead{display:table-header-group}
    tfoot{display:table-row-group}
    details::details-content{content-visibility:visible;display:block;height:auto}summary{list-style:none;color:var(--soft)}
    rect,line,.state{print-color-adjust:exact;-webkit-print-color-adjust:exact}a{color:inherit;text-decoration:none}}
    """
}
