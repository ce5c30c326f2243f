"""What of an address says where a visitor came from, or who he is, never what he reads. Pure; standard library only.

A name is here only if no site is known to use it for content: `ref`, `source`, `from`, `sid` and `cid` are not, however
often they track. Sources: the lists of ClearURLs, Brave, AdGuard (filter 17), Firefox's query stripping, and what
the makers document: Matomo, Piano (AT Internet), Webtrends, etracker, Adobe, Bitrix, ColdFusion, ASP.NET.
"""

from __future__ import annotations

import re

_NAMES = (
    # campaigns
    r"utm_[a-z_-]+|mtm_[a-z_]+|matomo_[a-z_]+|piwik_[a-z_]+|pk_(campaign|kwd|keyword|source|medium|content|cid|cpn|vid)"
    r"|hsa_[a-z]+|itm_[a-z]+|stm_(source|medium|campaign|content|term)|ga_(source|medium|term|content|campaign|place)"
    r"|at_(medium|campaign|campaign_type|custom\d|creation|type|format|variant|link_[a-z]+|link|bbc_team|ptr_name"
    r"|recipient_[a-z]+|send_date|emailtype|general_placement|identifier|network|platform|detail_placement)"
    r"|xt(or|ref|cr)|wt\.[a-z_]+|wt_(z?mc|cc\d*|kw|eid)|wtrid|etcc_[a-z]+|et_(rp|rid|cid|lid|sub|uk)|s_cid|s_kwcid|sc_cid|cmpid|cm_mmc[a-z\d]*|cm_(re|sp|me|cr)"
    r"|ns_(campaign|mchannel|source|linkname|fee)|hmb_(campaign|medium|source)|tracking_source|trk_[a-z]+|ncid|ocid|icid"
    r"|__s|spm|scm|vn_[a-z]+|ito|mibextid|campaign_(medium|source|name|term|content)|otm_[a-z_]*|os_ehash|ceneo_spo"
    r"|dpg_(source|campaign|medium|content)|nx_source|_sgm_(campaign|source|action)|hm(sr|pl|cu|kw|ci)|cx_[a-z]+|usqp"
    r"|share_(source|medium|plat|tag|from|session_id)|vd_source|wprov|trk(campaign)?|roistat(_[a-z]+)?|calltouch_tm"
    r"|recommended_(by|code)|adfrom|erid|cvosrc"
    # clicks
    r"|fbclid|fb_(ref|source|action_ids|action_types|comment_id)|action_(object|type|ref)_map|gclid|gclsrc|gbraid|wbraid"
    r"|gad_(source|campaignid)|dclid|msclkid|twclid|ttclid|li_fat_id|yclid|ysclid|ymclid|ymid|yadclid|yadordid|igshid|igsh"
    r"|rb_clickid|irclickid|epik|srsltid|ref_(src|url)|__twitter_impression|tblci|_branch_(match_id|referrer)|wickedid"
    r"|ir_(campaignid|adid|partnerid)|irgwc|sscid|rtkcid|tduid|famad_xuid|admitad_uid|aiad_clid|gps_adid|adjust_[a-z_]+"
    r"|external_click_id|vc_lpp|ebisadid|zanpid|mkwid|pcrid|dicbo|etext|ybaip|yrclid|vk_ref|oprtrack"
    r"|ef_id|gs_l|guccounter|guce_referrer(_sig)?|unicorn_click_id|vgo_ee|echobox"
    # letters
    r"|mc_(cid|eid|tc)|mkt_tok|_hs(enc|mi)|__hs(tc|sc|fp)|hsctatracking|oly_(anon|enc)_id|vero_(id|conv)|_kx|dm_i"
    r"|ml_subscriber(_hash)?|elq(trackid|track|aid|at|campaignid)?|elqtrackid|bsft_[a-z]+|ck_subscriber_id|oft_[a-z]+"
    r"|sc_(src|lid|uid|llid|eh|customer|channel|campaign)|sp(mailing|user|job|report)id|_clde{1,2}|_ke|_bta_(tid|c)"
    r"|omnisendcontactid|sms_(click|source|uph)|__io_lv|_io_session_id"
    r"|nr_email_referer|mindbox-(click-id|message-key)|sfmc_(id|sub|activityid|j)"
    # the visit and its search, and what an editor's own view of the page adds
    r"|_openstat|_ga|_gl|sphrase_id|clear_cache(_session)?|bitrix_(include_areas|show_mode)|show_(page|include)_exec_time"
    r"|bxajaxid|back_url(_admin|_pub)?|doing_wp_cron|_x_tr_[a-z]+"
    r"|phpsessid|jsessionid|aspsessionid[a-z]*|cfid|cftoken|oscsid|zenid|sid_session|asp\.net_sessionid"
)
_TRACKING = re.compile(rf"({_NAMES})", re.IGNORECASE)
_SESSION = re.compile(
    r"(sid|s|sess|sessid|session|sessionid|session_id)=(?=[^&]*\d)(?=[^&]*[a-z])[\w-]{20,}", re.IGNORECASE
)
"""A session by its name and its value. Statements are called so too: it goes only where something else names these."""

_ARRIVAL = re.compile(
    r"(ref|from|source|src|via|partner|cmp|share|medium)=(rss|rss_?feed|feed|atom|twitter|x|facebook|fb|telegram|tg|vk|ok"
    r"|whatsapp|viber|linkedin|instagram|reddit|e-?mail|newsletter|push|social|share|zen|dzen|yandex|google-?news"
    r"|govdelivery)|(rss|amp|print|nocache|no_cache)=(1|y|yes|true)",
    re.IGNORECASE,
)
"""Where a visitor came from, or how he wants the page, by name and value. It goes only there, too."""

_PATH_SESSION = re.compile(
    r";(?:jsessionid|phpsessid|cfid|cftoken)=[^/?#;]*|(?<=/)\((?:[A-Z]\([\w.-]++\)){1,8}\)(?:/|$)", re.IGNORECASE
)
"""Java's and PHP's, and that of ASP.NET: `/(S(abcdefgh12345678))/news`."""


def less_sessions(path: str) -> str:
    """A path without the sessions that are written into it."""
    return _PATH_SESSION.sub("", path)


def less_tracking(query: str, path: str = "") -> str:
    """A query without what tracks; its other parameters stay as they are, in their order."""
    pairs = [pair for pair in query.split("&") if pair and not is_tracking(pair.partition("=")[0])]
    kept = [pair for pair in pairs if not (_SESSION.fullmatch(pair) or _ARRIVAL.fullmatch(pair))]
    names_it = any(re.search(r"\d", one) for one in (*kept, path.rstrip("/").rpartition("/")[2]))
    return "&".join(kept if names_it else pairs)


def is_tracking(name: str) -> bool:
    """Whether a parameter of this name says nothing of what is read."""
    return _TRACKING.fullmatch(name) is not None
