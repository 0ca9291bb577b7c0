//! What an analysis found: domain values, not yet in any output format.

mod capture;
mod change;
mod counts;
mod due;
mod ending;
mod finding;
mod flow;
pub mod icmp;
mod notice;
mod others;
mod prober;
mod settings;
mod summary;
mod told;
mod traffic;
mod whole;
pub mod words;

pub use capture::Capture;
pub use change::{Changed, SettingChange};
pub use counts::FlowCounts;
pub use due::{Awaited, Due};
pub use ending::{Ending, Errno, How, Killer, LadderEnd, LastWord, Timer};
pub use finding::{CaptureFinding, Confidence, FINDING_IDS, Finding, Severity};
pub use flow::{Flow, Roles, State, View};
pub use notice::{Loss, Notice, NoticeKind};
pub use others::Others;
pub use prober::{AlienAnswers, AnsweredInVain, Prober, Status};
pub use settings::{Count, SettingRange, Settings};
pub use summary::{Conclusions, Summary};
pub use told::Told;
pub use traffic::{Gap, Heartbeat, HeartbeatFrom, Http, HttpConnection, HttpVersion, Path};
pub use whole::Report;
