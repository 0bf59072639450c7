/**
 * Colours after Okabe and Ito, which people with any kind of colour blindness tell apart, lighter on dark.
 * The page holds no script and asks for nothing.
 */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1b1f24;--quiet:#57606a;--rule:#d8dee4;--panel:#f6f8fa;--good:#00694b;--bad:#b03a00;--good-ground:#e3f5ee;--bad-ground:#fdebe2;
--l0:#0072b2;--l1:#c04f00;--l2:#00795a;--l3:#a8487f;--l4:#8a6100;--l5:#3a6ea5}
@media (prefers-color-scheme:dark){:root{--ground:#0f1318;--ink:#e6e9ed;--quiet:#9aa4af;--rule:#2f363e;--panel:#171c22;--good:#4fd6a8;--bad:#ff9a5c;--good-ground:#0f2c24;--bad-ground:#38200f;
--l0:#56b4e9;--l1:#f0803c;--l2:#3ccba0;--l3:#e08fbb;--l4:#e6b035;--l5:#9fc2f0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:68rem;padding:1.5rem 1rem 4rem;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{margin:0 0 .75rem;font-size:1.7rem}h2{margin:2.2rem 0 .6rem;font-size:1.2rem;border-bottom:1px solid var(--rule);padding-bottom:.3rem}
.verdict{margin:0;padding:.7rem 1rem;border-radius:.5rem;border-left:.4rem solid;font-size:1.15rem;font-weight:600}
.verdict p{margin:0}.verdict ul{margin:.4rem 0 0;font-size:.9rem;font-weight:400}
.verdict.good{background:var(--good-ground)}.verdict.bad{background:var(--bad-ground)}
.good{color:var(--good)}.bad{color:var(--bad)}.plain{color:inherit}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 2rem;margin:1rem 0}.facts dt{color:var(--quiet);font-size:.8rem}.facts dd{margin:0}
.warnings{color:var(--bad)}
.wide{overflow-x:auto;margin:.8rem 0}
table{border-collapse:collapse;font-size:.86rem}
caption{text-align:left;font-weight:600;padding:.2rem 0 .35rem}
th,td{padding:.22rem .7rem .22rem 0;border-top:1px solid var(--rule);vertical-align:top}
th{font-weight:400;text-align:left}tbody th{min-width:8rem}.whole{white-space:nowrap}thead th{color:var(--quiet);border-top:0;vertical-align:bottom}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.text,th.text{text-align:left}td.text{min-width:6rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem}
.chart{margin:.8rem 0;padding:.8rem;background:var(--panel);border-radius:.5rem;min-width:0}
figcaption{font-weight:600;margin-bottom:.3rem}
svg{display:block;width:100%;height:auto;overflow:visible}
.grid{stroke:var(--rule)}.axis{stroke:var(--quiet)}
.tick,.label,.event-name{fill:var(--quiet);font-size:11px}.tick.good{fill:var(--good)}.tick.bad{fill:var(--bad)}
.label{fill:var(--ink)}.event-name{fill:var(--ink);paint-order:stroke;stroke:var(--panel);stroke-width:3px}
.event{stroke:var(--quiet);stroke-dasharray:2 3}.guide{stroke:var(--quiet);stroke-dasharray:1 4}
.guide-note,.events{margin:.2rem 0;color:var(--quiet);font-size:.8rem}
.line{fill:none;stroke-width:2}.before{stroke:var(--quiet);stroke-width:5;stroke-opacity:.35}.mark{stroke:none}
.l0{stroke:var(--l0)}.l1{stroke:var(--l1);stroke-dasharray:7 3}.l2{stroke:var(--l2);stroke-dasharray:2 2}.l3{stroke:var(--l3);stroke-dasharray:9 3 2 3}.l4{stroke:var(--l4);stroke-dasharray:5 5}.l5{stroke:var(--l5);stroke-dasharray:12 3}
.m0{fill:var(--l0)}.m1{fill:var(--l1)}.m2{fill:var(--l2)}.m3{fill:var(--l3)}.m4{fill:var(--l4)}.m5{fill:var(--l5)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.3rem 0;padding:0;font-size:.82rem}
.legend li{display:flex;align-items:center;gap:.4rem}.key{width:36px;flex:none}
.noise{fill:var(--rule)}.change{stroke:currentColor;stroke-width:2}.change-mark{fill:currentColor}
.rounds{display:inline-flex;align-items:center;gap:.5rem;color:var(--quiet);white-space:nowrap;font-size:.8rem}.rounds svg{width:90px;flex:none}.round{fill:var(--l0);fill-opacity:.7}
details{margin:.3rem 0}summary{cursor:pointer;color:var(--quiet);font-size:.85rem}
footer{margin-top:3rem;color:var(--quiet);font-size:.8rem}
@media print{:root{color-scheme:light}body{max-width:none;font-size:11px}.chart,tr,.verdict{break-inside:avoid}.chart{background:none;border:1px solid var(--rule)}.charts{grid-template-columns:1fr 1fr}.wide{overflow:visible}}
`;
