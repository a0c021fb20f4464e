"""Chinese questions in everyday words, to train on.

Reading-comprehension questions borrow their words from the passage; people who ask do not. Here
words of asking and common verbs are exchanged for others of the same meaning (synonym replacement,
as in Wei & Zou 2019, "EDA"), the way they are said rather than written.
"""

from __future__ import annotations

import random
import re

from qa_bot.terms import simplify

__all__ = ["colloquial"]

# Words with the same meaning; any may stand for any other of its line, longest first.
_SAME = (
    "什么时候 何时 几时 啥时候 什么时间",
    "哪一年 哪年 什么年份",
    "哪一天 哪天 几号 什么日子",
    "哪里 哪儿 何处 什么地方 啥地方",
    "为什么 为何 为啥 怎么会 因为什么 什么原因",
    "如何 怎样 怎么 咋",
    "什么 啥 何种",
    "是谁 是哪位 是什么人 是哪个人",
    "多少人 几个人 多少名 多少位",
    "多少钱 几块钱 什么价",
    "哪些 哪几个 什么样的",
    "有多少 有几",
    "多久 多长时间 几天",
    "成立 创立 创办 建立 组建 设立",
    "建成 落成 修好 完工 竣工",
    "通车 开通 启用 投用 投入使用",
    "举行 举办 召开 办",
    "开始 起 开头",
    "结束 收尾 告终",
    "停止 中断 不再",
    "担任 出任 当 做",
    "任职 工作 上班",
    "辞职 辞去职务 不干",
    "获得 得到 拿到 赢得 荣获",
    "毕业于 从哪里毕业",
    "就读 念书 上学",
    "出生 诞生 生",
    "去世 逝世 过世 离世 死",
    "迁往 搬到 移到",
    "改名 更名 改称 改叫",
    "被称为 被称作 叫做 叫作 人称",
    "位于 坐落在 坐落于 在",
    "分布在 分布于 长在 见于",
    "执导 导演 拍",
    "撰写 写 著",
    "创作 写 做出",
    "出版 发行 问世",
    "发表 刊登 登出",
    "公布 发布 公开",
    "宣布 声明 说",
    "提出 提到 讲到",
    "认为 觉得 看来",
    "导致 造成 引起 带来",
    "属于 归 算",
    "包括 包含 有",
    "组成 构成",
    "拥有 有",
    "使用 采用 用",
    "增加 增长 多了",
    "减少 下降 少了",
    "提高 上升 涨",
    "出售 卖 销售",
    "购买 买 购入",
    "捐赠 捐献 捐",
    "逮捕 抓 抓获",
    "击败 打败 战胜 赢了",
    "参加 参与 加入",
    "离开 走",
    "抵达 到达 到",
    "居住 住",
    "修建 建造 兴建 造 盖",
    "拆除 拆掉 拆",
    "推出 推行 上线",
    "实施 施行 执行 实行",
    "负责 主管 管",
    "主要 大多",
    "目前 现在 如今 眼下",
    "最初 起初 一开始 当初",
    "曾经 曾 以前",
    "父亲 爸爸",
    "母亲 妈妈",
    "妻子 太太 老婆",
    "丈夫 先生 老公",
    "儿童 孩子 小孩",
    "学生 学员",
    "教师 老师",
    "医生 大夫",
    "总部 总公司",
    "别名 别称 又名 另一个名字",
    "原因 缘故 理由",
    "作用 用处 功能",
    "特点 特征 特色",
    "优点 好处 长处",
    "方式 办法 方法",
    "地点 地方 位置",
    "长度 全长",
    "大约 大概 约",
    "该 这个 此",
    "于 在",
    "与 和 跟",
    "因 因为",
)
_BEFORE = ("请问", "我想知道", "想问一下，", "想问问", "报上说的", "听说")
_AFTER = ("呢", "呀", "来着", "啊")
_SHARE = 0.6  # of the words that could be others

_OTHERS = {word: [w for w in line.split() if w != word] for line in _SAME for word in line.split()}
# a single character may be part of any word
_WORDS = re.compile("|".join(sorted((w for w in _OTHERS if len(w) > 1), key=len, reverse=True)))


def colloquial(question: str, chance: random.Random) -> str:
    """`question` in everyday words and simplified characters.

    What stands in quotation marks or 《》 is left alone.
    """
    plain = simplify(question)
    if len(plain) != len(question):
        return question
    quoted = [m.span() for m in re.finditer(r"《[^》]*》|“[^”]*”|「[^」]*」", plain)]

    def other(match: re.Match[str]) -> str:
        inside = any(a <= match.start() < b for a, b in quoted)
        if inside or chance.random() >= _SHARE:
            return match[0]
        return chance.choice(_OTHERS[match[0]])

    said = _WORDS.sub(other, plain)
    mark = said[-1:] if said.endswith(("?", "？")) else ""
    said = said.removesuffix(mark)
    dice = chance.random()
    if dice < 0.15:
        said = chance.choice(_BEFORE) + said
    elif dice < 0.3:
        said += chance.choice(_AFTER)
    return said + (mark if chance.random() < 0.7 else "")
