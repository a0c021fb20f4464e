"""Chinese surnames: the Hundred Family Surnames with their commonest later additions."""

from __future__ import annotations

import re

__all__ = ["COMMON_SURNAMES", "COMPOUND_SURNAME", "SURNAMES"]

COMMON_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范"
    "彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜"
    "顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路"
    "娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪"
    "包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯"
    "宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖"
    "卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏"
    "柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东殳沃利蔚越夔隆师巩厍"
    "聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖闫覃岳佟付代"
)
"""Of one simplified character that begins a name oftener than a word."""

# Surnames that are seldom ones, or words far oftener than names.
_RARE = "欧佘初商牟伯赏哈年阳言福卯亓苑冼邸仝税"
# Traditional forms, each of a surname: 瀋 is no form of 沈, though it is simplified to it.
_TRADITIONAL = (
    "趙錢孫吳鄭馮陳衛蔣韓楊許呂張嚴華謝鄒竇雲蘇魯韋馬鳳費湯羅畢鄔樂時齊顧黃蕭貝計談龐紀項藍閔強賈"
    "婁顏鍾駱萬盧經應單諸鈕龔陸榮儲烏車寧厲劉龍葉從賴喬陰蒼雙聞黨譚貢勞農別莊閻連習魚廣祿闕東歐師"
    "鞏聶簡饒養須豐關權蓋後紅遊"
)

SURNAMES = COMMON_SURNAMES | frozenset(_RARE) | frozenset(_TRADITIONAL)
"""All of one character, simplified and traditional."""

_COMPOUND = (
    "万俟 萬俟 司马 司馬 上官 欧阳 歐陽 夏侯 诸葛 諸葛 闻人 聞人 东方 東方 赫连 "
    "赫連 皇甫 尉迟 尉遲 公羊 澹台 澹臺 公冶 宗政 濮阳 濮陽 淳于 单于 單于 太叔 "
    "申屠 公孙 公孫 仲孙 仲孫 轩辕 軒轅 令狐 钟离 鍾離 宇文 长孙 長孫 慕容 鲜于 "
    "鮮于 闾丘 閭丘 司徒 司空 亓官 司寇 子车 子車 颛孙 顓孫 端木 巫马 巫馬 公西 "
    "漆雕 乐正 樂正 壤驷 壤駟 公良 拓跋 夹谷 夾谷 宰父 谷梁 榖梁 段干 百里 东郭 "
    "東郭 南门 南門 呼延 羊舌 微生 梁丘 左丘 东门 東門 西门 西門 南宫 南宮 第五 "
    "南荣 南榮 独孤 獨孤 连城 連城"
)
COMPOUND_SURNAME = re.compile("|".join(_COMPOUND.split()))
"""A surname of two characters, simplified or traditional."""
